package io.millrace.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class PaceTest {
    private final ManualTimeSource time = new ManualTimeSource();

    @Test
    void shouldLetTheFirstGoAtOnceAndSpaceTheOthers() {
        var pace = new Pace(10, time);
        time.advance(Duration.ofSeconds(5));

        assertThat(pace.waitNanos()).isZero();
        pace.await();
        assertThat(pace.waitNanos()).isEqualTo(100_000_000);
        time.advance(Duration.ofMillis(40));
        assertThat(pace.waitNanos()).isEqualTo(60_000_000);
        time.advance(Duration.ofMillis(60));
        pace.await();
        assertThat(pace.waitNanos()).isEqualTo(100_000_000);
    }
}
