package io.millrace.functions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.MeteringLine;
import io.millrace.functions.BatchHandler;
import io.millrace.functions.BatchResult;
import io.millrace.functions.Context;
import io.millrace.functions.Handler;
import io.millrace.functions.NonRetryable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

final class FunctionExtensionTest {
    @RegisterExtension
    final FunctionExtension function =
            FunctionExtension.of(Moody.class)
                    .withTimeout(Duration.ofMillis(200))
                    .withEnvironment("GREETING", "Good morning");

    @RegisterExtension
    final FunctionExtension batches = FunctionExtension.of(Lengths.class).withBatchSize(10);

    @RegisterExtension final FunctionExtension json = FunctionExtension.of(Adder.class);

    /** Fails in every way a function can. */
    public static final class Moody implements Handler<String, String> {
        private int calls;

        @Override
        public String handle(String event, Context context) throws InterruptedException {
            calls++;
            return switch (event) {
                case "always" -> throw new IllegalStateException("as ever");
                case "once" -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("only the first time");
                    }
                    yield "better";
                }
                case "never again" -> throw new NonRetryable("hopeless");
                case "hang" -> {
                    new CountDownLatch(1).await();
                    yield "unreachable";
                }
                case "calls" -> Integer.toString(calls);
                default -> context.environment().get("GREETING") + ", " + event;
            };
        }
    }

    /** Takes several events; empty ones fail. */
    public static final class Lengths implements BatchHandler<String, Integer> {
        @Override
        public BatchResult<Integer> handle(List<String> events, Context context) {
            BatchResult.Builder<Integer> result = BatchResult.builder();
            for (String event : events) {
                if (event.isEmpty()) {
                    result.failed(new NonRetryable("empty"));
                } else {
                    result.succeeded(event.length());
                }
            }
            return result.build();
        }
    }

    /** Adds what comes as JSON. */
    public static final class Adder implements Handler<Adder.Pair, Adder.Sum> {
        /** In. */
        public record Pair(int left, int right) {}

        /** Out. */
        public record Sum(int value) {}

        @Override
        public Sum handle(Pair pair, Context context) {
            return new Sum(pair.left() + pair.right());
        }
    }

    @Test
    void shouldMakeADeadLetterWhenTheAttemptsAreUsedUp() {
        Delivered delivered = function.send(TestEvent.text("always").withKey("k"));

        assertThat(delivered.hasSucceeded()).isFalse();
        assertThat(delivered.condition()).isEqualTo("RetryAttemptsExhausted");
        assertThat(delivered.errorType()).isEqualTo("java.lang.IllegalStateException");
        assertThat(delivered.errorMessage()).isEqualTo("as ever");
        assertThat(delivered.deadLetter().orElseThrow().value().text()).isEqualTo("always");
        assertThat(delivered.attempts()).extracting(MeteringLine::attempt).containsExactly(1, 2, 3);
    }

    @Test
    void shouldNotRetryWhatIsNotRetryable() {
        Delivered delivered = function.send(TestEvent.text("never again"));

        assertThat(delivered.condition()).isEqualTo("NonRetryable");
        assertThat(delivered.attempts()).hasSize(1);
    }

    @Test
    void shouldEndAttemptsAtTheDeadline() {
        Delivered delivered = function.send(TestEvent.text("hang"));

        assertThat(delivered.errorMessage()).endsWith("Task timed out after 0.2 seconds");
        assertThat(delivered.attempts())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.outcome()).isEqualTo("TIMED_OUT"));
    }

    @Test
    void shouldRetryWithoutWaitingForTheBackOff() {
        Delivered delivered = function.send(TestEvent.text("once"));

        assertThat(delivered.text()).isEqualTo("better");
        assertThat(delivered.attempts())
                .extracting(MeteringLine::outcome)
                .containsExactly("FAILED", "SUCCEEDED");
    }

    @Test
    void shouldDeadLetterWhatTheHandlerCannotRead() {
        Delivered delivered = json.send(TestEvent.text("not json"));

        assertThat(delivered.condition()).isEqualTo("DecodeError");
    }

    @Test
    void shouldReadAndWriteJson() {
        Delivered delivered = json.send(TestEvent.json(new Adder.Pair(2, 3)));

        assertThat(delivered.json(Adder.Sum.class)).isEqualTo(new Adder.Sum(5));
    }

    @Test
    void shouldHandTheEnvironmentToTheHandler() {
        assertThat(function.send(TestEvent.text("Ada")).text()).isEqualTo("Good morning, Ada");
    }

    @Test
    void shouldBeginWithANewEnvironment() {
        assertThat(function.send(TestEvent.text("calls")).text()).isEqualTo("1");
        assertThat(function.send(TestEvent.text("calls")).text()).isEqualTo("2");
    }

    @Test
    void shouldSettleEachEventOfABatchOnItsOwn() {
        var events = new ArrayList<TestEvent>();
        for (String value : List.of("one", "", "three")) {
            events.add(TestEvent.text(value).withKey("same lane"));
        }

        List<Delivered> delivered = batches.sendAll(events);

        assertThat(delivered)
                .extracting(Delivered::hasSucceeded)
                .containsExactly(true, false, true);
        assertThat(delivered.get(2).text()).isEqualTo("5");
        assertThat(delivered.get(1).errorMessage()).isEqualTo("empty");
    }
}
