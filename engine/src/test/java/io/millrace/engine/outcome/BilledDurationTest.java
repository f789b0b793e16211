package io.millrace.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

final class BilledDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 1",
        "999_999, 1",
        "1_000_000, 1",
        "1_000_001, 2",
        "100_000_000, 100",
        "100_200_000, 101",
        "900_000_000_000, 900_000"
    })
    void shouldRoundUpToWholeMilliseconds(String nanos, String millis) {
        Duration duration = Duration.ofNanos(Long.parseLong(nanos.replace("_", "")));
        assertThat(BilledDuration.millis(duration))
                .isEqualTo(Long.parseLong(millis.replace("_", "")));
    }
}
