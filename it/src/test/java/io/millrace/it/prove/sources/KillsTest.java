package io.millrace.it.prove.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class KillsTest {
    private final AtomicLong done = new AtomicLong();
    private final List<String> happened = new ArrayList<>();

    @Test
    void shouldFailWhenNothingMovesOn() {
        Kills kills =
                new Kills(() -> 0, 100, Duration.ofMillis(200)).andOnce(() -> happened.add("x"));

        assertThatThrownBy(kills::run).isInstanceOf(ConditionTimeoutException.class);
        assertThat(happened).isEmpty();
    }

    @Test
    void shouldTellWhenAFaultCameAfterTheWork() {
        Kills kills =
                new Kills(() -> 100, 100, Duration.ofSeconds(5)).andOnce(() -> happened.add("x"));

        assertThat(kills.run().passed()).isFalse();
    }

    @Test
    void shouldSpreadTheFaultsOverTheWork() {
        Kills kills =
                new Kills(done::incrementAndGet, 400, Duration.ofSeconds(5))
                        .andOnce(() -> happened.add("first"))
                        .andOnce(() -> happened.add("last"))
                        .andOnce(() -> happened.add("middle"));

        assertThat(kills.run().passed()).isTrue();
        assertThat(happened).containsExactly("first", "middle", "last");
        assertThat(kills.hits()).hasSize(3).isSorted();
        assertThat(kills.hits().getFirst()).isBetween(100L, 110L);
    }
}
