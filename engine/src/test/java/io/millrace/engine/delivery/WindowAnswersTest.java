package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.done;
import static io.millrace.engine.delivery.MachineRig.failedItem;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.WindowInput;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class WindowAnswersTest {
    private static final WindowInput WINDOW =
            new WindowInput(Instant.EPOCH, Instant.EPOCH.plusSeconds(1), "{}", Optional.empty());

    private static Optional<String> fault(Optional<String> state, ItemEnd... ends) {
        return WindowAnswers.faultOf(WINDOW, new AttemptEnd.Completed(List.of(ends), state))
                .map(Failure::message);
    }

    @Test
    void shouldFailABatchWithoutAState() {
        assertThat(fault(Optional.empty(), done()).orElseThrow()).contains("has no state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"{}\"", "{", "{}{}", "{} x", "{\"a\":}"})
    void shouldFailABatchWhoseStateIsNoObject(String state) {
        assertThat(fault(Optional.of(state), done())).isPresent();
    }

    @Test
    void shouldNotQuoteAStateThatIsNoJson() {
        assertThat(fault(Optional.of("{\"password\": secret"), done()).orElseThrow())
                .doesNotContain("secret");
    }

    @Test
    void shouldFailABatchWhoseStateNoInvocationCanBeGiven() {
        String large = "{\"s\":\"" + "x".repeat(BatchPolicy.MAX_PAYLOAD_BYTES) + "\"}";

        assertThat(fault(Optional.of(large), done()).orElseThrow())
                .contains("allowed are up to " + BatchPolicy.MAX_PAYLOAD_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " {\"a\": [{}, 1]} "})
    void shouldTakeAnObject(String state) {
        assertThat(fault(Optional.of(state), done())).isEmpty();
    }

    @Test
    void shouldNeedNoStateWhereNothingSucceeded() {
        assertThat(fault(Optional.empty(), failedItem(Failure.Kind.FUNCTION_ERROR))).isEmpty();
    }

    @Test
    void shouldHandleAgainWhatSucceededBehindTheFirstFailure() {
        ItemEnd failed = failedItem(Failure.Kind.NON_RETRYABLE);

        List<ItemEnd> ends =
                WindowAnswers.upToCheckpoint(List.of(done(), failed, done(), ItemEnd.FILTERED));

        assertThat(ends.subList(0, 2)).containsExactly(done(), failed);
        assertThat(ends.get(2))
                .isInstanceOfSatisfying(
                        ItemEnd.Failed.class,
                        behind -> assertThat(behind.failure().kind().isRetryable()).isTrue());
        assertThat(ends.get(3)).isEqualTo(ItemEnd.FILTERED);
    }

    @Test
    void shouldPassOverAnEventThatTheHandlerDidNotSee() {
        ItemEnd unreadable = failedItem(Failure.Kind.UNDECODABLE);

        assertThat(WindowAnswers.upToCheckpoint(List.of(unreadable, done())))
                .containsExactly(unreadable, done());
    }
}
