package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AdvanceTest {
    private final Advance advance = new Advance();

    @Test
    void shouldTellNothingWithoutProgress() {
        advance.add(1_000, 0);
        advance.add(2_000, 0);

        assertThat(advance.perSecond()).isZero();
        assertThat(advance.stallMillis()).isZero();
    }

    @Test
    void shouldLeaveOutTheStartAndTheTimeAfterTheEnd() {
        advance.add(0, 0);
        advance.add(10_000, 100);
        advance.add(11_000, 1_100);
        advance.add(12_000, 1_100);
        advance.add(60_000, 1_100);

        // A tenth is 110: the start is at the first look that has so many.
        advance.add(60_500, 2_100);

        assertThat(advance.perSecond()).isEqualTo(1_000 * 1_000.0 / 49_500);
    }

    @Test
    void shouldFindTheLongestTimeWithoutProgress() {
        advance.add(0, 0);
        advance.add(5_000, 10);
        advance.add(5_100, 20);
        advance.add(5_200, 20);
        advance.add(7_100, 30);
        advance.add(90_000, 30);

        assertThat(advance.stallMillis()).isEqualTo(2_000);
    }
}
