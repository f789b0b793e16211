package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CanaryTest {
    private final Canary canary = new Canary();

    @Test
    void shouldNotAcceptACanaryThatDidNotRun() {
        assertThat(canary.isSteady(0)).isFalse();
        assertThat(canary.isSteady(100)).isTrue();
    }

    @Test
    void shouldFindAMachineThatHasBecomeSlowerOrFaster() {
        assertThat(canary.isSteady(100)).isTrue();

        assertThat(canary.isSteady(89)).isFalse();
        assertThat(canary.isSteady(111)).isFalse();
        assertThat(canary.isSteady(91)).isTrue();
    }

    @Test
    void shouldNotFollowASlowDrift() {
        assertThat(canary.isSteady(100)).isTrue();
        assertThat(canary.isSteady(95)).isTrue();
        assertThat(canary.isSteady(92)).isTrue();
        assertThat(canary.isSteady(84)).isFalse();
    }
}
