package io.millrace.connectors.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ScheduleExpressionTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cron",
                "cron()",
                "cron(0 1 * * * *)",
                "cron(0 0 ? * ? *)",
                "cron(7 20 * * NOT *)",
                "cron(71 8 1 * ? *)",
                "cron(0 24 * * ? *)",
                "cron(0 0 32 * ? *)",
                "cron(0 0 ? * 0 *)",
                "cron(0 0 ? * 2#6 *)",
                "cron(0 0 1W,15W * ? *)",
                "cron(0 0 1,L * ? *)",
                "cron(0 0 ? * FRIL,2 *)",
                "cron(0 0 ? * 2#1,4#2 *)",
                "cron(0 0 1 * ? 2200)",
                "cron(0 0 * * ?)",
                "cron(0 0 * * ? * *)",
                "cron(INVALID)",
                "cron(0 dummy ? * MON-FRI *)",
                "rate()",
                "rate(10)",
                "rate(0 minutes)",
                "rate(1 minutes)",
                "rate(10 minute)",
                "rate(10 seconds)",
                "rate(10 years)",
                "rate(10 minutess)",
                "rate(foo minutes)",
                "rate(-10 minutes)",
                "rate( 10 minutes )",
                " rate(10 minutes)",
                "at(2021-12-31)",
                "at(2021-12-31T23:59:59Z)",
                "at(2021-02-30T00:00:00)"
            })
    void shouldRefuseWhatEventBridgeRefuses(String expression) {
        assertThatThrownBy(() -> ScheduleExpression.parse(expression, UTC, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron(0 2 ? * SAT *)",
                "cron(0 12 * * ? *)",
                "cron(5,35 14 * * ? *)",
                "cron(15 10 ? * 6L 2002-2005)",
                "cron(0 2 ? * SAT#3 *)",
                "cron(* * ? * SAT#3 *)",
                "cron(0/5 5 ? JAN 1-5 2022)",
                "cron(0 8 1 * ? *)",
                "cron(0/15 * * * ? *)",
                "cron(0/10 * ? * MON-FRI *)",
                "cron(0/5 8-17 ? * MON-FRI *)",
                "cron(0/30 20-23 ? * MON-FRI *)",
                "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
                "cron(30-30 13-13 ? * 2,4,6 *)",
                "cron(1-31/30 1-1 ? * 1,7 *)",
                "cron(*/15 * * * ? *)",
                "cron(0-59/10 0-23/2 ? * * *)",
                "cron(0 0 LW * ? *)",
                "cron(0 0 ? * WED,FRI *)",
                "rate(1 minute)",
                "rate(5 minutes)",
                "rate(1 hour)",
                "rate(24 hours)",
                "rate(7 days)",
                "at(2021-12-31T23:59:59)"
            })
    void shouldTakeWhatEventBridgeTakes(String expression) {
        assertThat(ScheduleExpression.parse(expression, UTC, Instant.EPOCH).after(Instant.EPOCH))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cron(0 0 L * ? *)      | 2026-01-31T00:00:00Z | 2026-02-28T00:00:00Z | 2026-03-31T00:00:00Z
                    cron(0 0 L-3 * ? *)    | 2026-01-28T00:00:00Z | 2026-02-25T00:00:00Z | 2026-03-28T00:00:00Z
                    cron(0 0 LW * ? *)     | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z | 2026-03-31T00:00:00Z
                    cron(0 0 15W * ? *)    | 2026-01-15T00:00:00Z | 2026-02-16T00:00:00Z | 2026-03-16T00:00:00Z
                    cron(0 0 ? * 6L *)     | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z | 2026-03-27T00:00:00Z
                    cron(0 0 ? * SAT#3 *)  | 2026-01-17T00:00:00Z | 2026-02-21T00:00:00Z | 2026-03-21T00:00:00Z
                    cron(0 0 ? * 1 *)      | 2026-01-04T00:00:00Z | 2026-01-11T00:00:00Z | 2026-01-18T00:00:00Z
                    cron(0 0 29 2 ? *)     | 2028-02-29T00:00:00Z | 2032-02-29T00:00:00Z | 2036-02-29T00:00:00Z
                    rate(7 days)           | 2026-01-01T00:00:00Z | 2026-01-08T00:00:00Z | 2026-01-15T00:00:00Z
                    """)
    void shouldMeanWhatEventBridgeMeans(String expression, String one, String two, String three) {
        DueTimes times =
                ScheduleExpression.parse(expression, UTC, Instant.parse("2026-01-01T00:00:00Z"));

        List<String> found = new ArrayList<>();
        Instant time = Instant.parse("2025-12-31T23:59:59Z");
        for (int i = 0; i < 3; i++) {
            time = times.after(time).orElseThrow();
            found.add(time.toString());
        }

        assertThat(found).containsExactly(one, two, three);
    }

    @Test
    void shouldRefuseATimeThatClocksSkip() {
        assertThatThrownBy(() ->
                        ScheduleExpression.parse(
                                "at(2026-03-29T02:30:00)",
                                ZoneId.of("Europe/Berlin"),
                                Instant.EPOCH))
                .hasMessageContaining("does not exist in Europe/Berlin");
    }

    @Test
    void shouldTakeTheFirstOfATimeThatClocksShowTwice() {
        DueTimes times =
                ScheduleExpression.parse(
                        "at(2026-10-25T02:30:00)", ZoneId.of("Europe/Berlin"), Instant.EPOCH);

        Instant due = Instant.parse("2026-10-25T00:30:00Z");
        assertThat(times.after(Instant.EPOCH)).contains(due);
        assertThat(times.after(due)).isEqualTo(Optional.empty());
    }
}
