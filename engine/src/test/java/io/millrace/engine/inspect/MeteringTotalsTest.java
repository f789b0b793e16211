package io.millrace.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class MeteringTotalsTest {
    @Test
    void shouldCostNothingWithoutAttempts() {
        assertThat(MeteringTotals.ZERO.lambdaCostUsd()).isEqualByComparingTo("0");
        assertThat(MeteringTotals.ZERO.gbSeconds()).isEqualByComparingTo("0");
    }

    @Test
    void shouldApplyLambdasPublicPrices() {
        MeteringTotals totals = MeteringTotals.ZERO;
        for (int i = 0; i < 1000; i++) {
            totals = totals.plus(attempt(Duration.ofSeconds(2), 512));
        }

        // 1,000 GB-seconds and 1,000 requests.
        assertThat(totals.attempts()).isEqualTo(1000);
        assertThat(totals.billedMillis()).isEqualTo(2_000_000);
        assertThat(totals.gbSeconds()).isEqualByComparingTo("1000");
        assertThat(totals.lambdaCostUsd()).isEqualByComparingTo("0.0168667");
    }

    private static MeteredAttempt attempt(Duration billed, int memoryMb) {
        return new MeteredAttempt(
                new MeteredAttempt.Where("f", "$LATEST", "t", "n", "in-0", 1),
                "r",
                1,
                1,
                Instant.EPOCH,
                new MeteredAttempt.Usage(billed, billed, memoryMb, Duration.ZERO),
                "SUCCEEDED");
    }
}
