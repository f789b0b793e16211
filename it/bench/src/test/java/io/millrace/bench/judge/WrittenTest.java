package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.bench.judge.Written.Amount;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class WrittenTest {
    private static final Written BEFORE =
            new Written(Map.of("in", new Amount(5, 50), "__transaction_state", new Amount(7, 70)));

    @Test
    void shouldCountEverythingButTheInput() {
        Written after =
                new Written(
                        Map.of(
                                "in", new Amount(105, 9_000),
                                "out", new Amount(120, 3_000),
                                "metering", new Amount(10, 500),
                                "__consumer_offsets", new Amount(4, 400),
                                "__transaction_state", new Amount(13, 170)));

        Map<String, Double> figures = after.since(BEFORE).perEvent("in", "out", 100, 100);

        assertThat(figures)
                .contains(
                        entry("records/event", 1.40),
                        entry("extra records/event", 0.40),
                        entry("bytes/event", 40.0),
                        entry("offsets/event", 0.04),
                        entry("txn state/event", 0.06),
                        entry("markers/event", 0.20),
                        entry("other/event", 0.10));
    }

    @Test
    void shouldFindTransactionsOfAnIdleArm() {
        var after = new Written(Map.of("__transaction_state", new Amount(8, 71)));

        assertThat(after.since(BEFORE).transactions()).isEqualTo(1);
        assertThat(BEFORE.since(BEFORE).transactions()).isZero();
    }
}
