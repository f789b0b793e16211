package io.millrace.functions.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.functions.BatchHandler;
import io.millrace.functions.BatchResult;
import io.millrace.functions.Context;
import io.millrace.functions.Window;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Handlers of tumbling windows under test. */
final class WindowsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    final FunctionExtension totals =
            FunctionExtension.of(Totals.class)
                    .withBatchSize(2)
                    .withTumblingWindow(Duration.ofMinutes(1));

    /** Adds up the numbers of a window. */
    public static final class Totals implements BatchHandler<Long, @Nullable String> {
        /** The sum so far. */
        public record Sum(long total) {}

        @Override
        public BatchResult<@Nullable String> handle(List<Long> numbers, Context context) {
            Window window = context.window().orElseThrow();
            Sum sum = window.state(Sum.class);
            if (window.isFinal()) {
                if (sum.total() < 0 && context.attempt() < 3) {
                    throw new IllegalStateException("in the red");
                }
                return BatchResult.of(List.of(window.start() + "=" + sum.total()));
            }
            long total = sum.total();
            for (long number : numbers) {
                if (number == 13) {
                    throw new IllegalStateException("unlucky");
                }
                total += number;
            }
            BatchResult<@Nullable String> done = BatchResult.allSucceeded();
            return total == 99 ? done : done.withState(new Sum(total));
        }
    }

    private static TestEvent number(long number, int seconds) {
        return TestEvent.json(number).at(NOON.plusSeconds(seconds));
    }

    @Test
    void shouldRefuseToCloseAWindowThatIsNotOpen() {
        assertThatThrownBy(totals::closeWindow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no window is open");
    }

    @Test
    void shouldLeaveTheStateAsItWasWhenABatchFailsForGood() {
        totals.send(number(5, 1));

        Delivered failed = totals.send(number(13, 2));

        assertThat(failed.condition()).isEqualTo("RetryAttemptsExhausted");
        assertThat(failed.attempts()).hasSize(3);
        assertThat(totals.windowState()).isEqualTo("{\"total\":5}");
    }

    @Test
    void shouldFailABatchWithoutAState() {
        Delivered failed = totals.send(number(99, 1));

        assertThat(failed.errorType()).isEqualTo("InvalidWindowState");
        assertThat(totals.windowState()).isEqualTo("{}");
    }

    @Test
    void shouldCloseWindowsByLaterEventsAndTheLastOneByItsTime() {
        List<Delivered> delivered =
                totals.sendAll(List.of(number(1, 1), number(2, 30), number(3, 59), number(10, 61)));

        assertThat(delivered).allMatch(Delivered::hasSucceeded);
        assertThat(totals.closedWindows()).hasSize(1);
        assertThat(totals.closedWindows().getFirst().text()).isEqualTo("2026-03-01T12:00:00Z=6");
        assertThat(totals.windowState()).isEqualTo("{\"total\":10}");
        assertThat(totals.closeWindow().text()).isEqualTo("2026-03-01T12:01:00Z=10");
        assertThat(totals.windowState()).isEqualTo("{}");
    }

    @Test
    void shouldTryAFinalInvocationAgain() {
        totals.send(number(-7, 1));

        Delivered closed = totals.closeWindow();

        assertThat(closed.text()).isEqualTo("2026-03-01T12:00:00Z=-7");
        assertThat(closed.attempts()).hasSize(3);
    }
}
