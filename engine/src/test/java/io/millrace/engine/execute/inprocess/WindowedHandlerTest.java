package io.millrace.engine.execute.inprocess;

import static io.millrace.engine.execute.inprocess.InvokerFixture.endsOf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.WindowInput;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** How handlers see their window, and answer with its state. */
final class WindowedHandlerTest {
    private static final String BATCH =
            """
            public class Totals implements BatchHandler<String, String> {
                public record Sum(long total, Instant last) {}

                public BatchResult<String> handle(List<String> events, Context context) {
                    Window window = context.window().orElseThrow();
                    Sum sum = window.state(Sum.class);
                    if (window.isFinal()) {
                        if (sum.total() == 13) {
                            throw new IllegalStateException("unlucky");
                        }
                        return BatchResult.of(
                                List.of(window.start() + " " + sum + " " + events.size() + " "
                                        + context.sources().size() + " "
                                        + window.isTerminatedEarly()));
                    }
                    if (events.contains("forget")) {
                        return BatchResult.allSucceeded();
                    }
                    long total = sum.total();
                    for (String event : events) {
                        total += Long.parseLong(event);
                    }
                    return BatchResult.of(events).withState(new Sum(total, window.end()));
                }
            }
            """;

    private static final String SINGLE =
            """
            public class Count implements Handler<byte[], WindowResult<String>> {
                public WindowResult<String> handle(byte[] event, Context context) {
                    Window window = context.window().orElseThrow();
                    if (window.isFinal()) {
                        return WindowResult.of(window.state());
                    }
                    return event.length == 0
                            ? WindowResult.keep("{\\"empty\\":true}", "result")
                            : WindowResult.keep(Map.of("bytes", event.length));
                }
            }
            """;

    @TempDir private Path folder;
    private InvokerFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new InvokerFixture(folder);
    }

    private AttemptEnd invoke(InProcessInvoker invoker, WindowInput window, Event... events) {
        Invocation plain = fixture.invocation(events);
        return invoker.invoke(
                new Invocation(
                        plain.requestId(),
                        plain.function(),
                        plain.trigger(),
                        plain.events(),
                        plain.attempt(),
                        plain.deadline(),
                        Optional.of(window)));
    }

    private static WindowInput window(String state) {
        Instant start = Instant.parse("2026-03-01T12:00:00Z");
        return new WindowInput(start, start.plusSeconds(60), state, Optional.empty());
    }

    private static WindowInput closing(String state) {
        WindowInput open = window(state);
        var contents =
                new BatchRange(new PartitionId("uploads", 3), 1, 2, open.start(), open.start(), 2);
        return new WindowInput(
                open.start(),
                open.end(),
                state,
                Optional.of(new WindowInput.Closing(true, contents)));
    }

    private static Optional<String> stateOf(AttemptEnd end) {
        return end instanceof AttemptEnd.Completed completed
                ? completed.state()
                : Optional.of(end.toString());
    }

    @Test
    void shouldFailTheFinalInvocationThatThrows() throws IOException {
        try (InProcessInvoker totals = fixture.invoker("Totals", BATCH)) {
            assertThat(endsOf(invoke(totals, closing("{\"total\":13}"))))
                    .containsExactly("attempt FUNCTION_ERROR java.lang.IllegalStateException");
        }
    }

    @Test
    void shouldFailWhenTheStateIsNotWhatTheHandlerTakes() throws IOException {
        try (InProcessInvoker totals = fixture.invoker("Totals", BATCH)) {
            AttemptEnd end = invoke(totals, window("{\"total\":[]}"), fixture.texts("1"));

            assertThat(endsOf(end))
                    .containsExactly("attempt FUNCTION_ERROR java.lang.IllegalArgumentException");
        }
    }

    @Test
    void shouldHaveNoStateWhereTheHandlerAnswersWithNone() throws IOException {
        try (InProcessInvoker totals = fixture.invoker("Totals", BATCH)) {
            assertThat(stateOf(invoke(totals, window("{}"), fixture.texts("forget")))).isEmpty();
        }
    }

    @Test
    void shouldPassTheStateThroughABatchHandler() throws IOException {
        try (InProcessInvoker totals = fixture.invoker("Totals", BATCH)) {
            AttemptEnd first = invoke(totals, window("{}"), fixture.texts("3", "4"));
            String state = stateOf(first).orElseThrow();
            AttemptEnd second = invoke(totals, window(state), fixture.texts("5"));

            assertThat(endsOf(first)).containsExactly("3", "4");
            assertThat(stateOf(second))
                    .contains("{\"total\":12,\"last\":\"2026-03-01T12:01:00Z\"}");
        }
    }

    @Test
    void shouldGiveTheFinalInvocationTheStateAndNoEvents() throws IOException {
        try (InProcessInvoker totals = fixture.invoker("Totals", BATCH)) {
            AttemptEnd end = invoke(totals, closing("{\"total\":7}"));

            assertThat(endsOf(end))
                    .containsExactly("2026-03-01T12:00:00Z Sum[total=7, last=null] 0 0 true");
            assertThat(stateOf(end)).isEmpty();
        }
    }

    @Test
    void shouldPassTheStateThroughAHandlerOfSingleEvents() throws IOException {
        try (InProcessInvoker count = fixture.invoker("Count", SINGLE)) {
            AttemptEnd kept = invoke(count, window("{}"), fixture.texts("four"));
            AttemptEnd both = invoke(count, window("{}"), fixture.texts(""));
            AttemptEnd end = invoke(count, closing("{\"bytes\":4}"));

            assertThat(endsOf(kept)).containsExactly("-");
            assertThat(stateOf(kept)).contains("{\"bytes\":4}");
            assertThat(endsOf(both)).containsExactly("result");
            assertThat(stateOf(both)).contains("{\"empty\":true}");
            assertThat(endsOf(end)).containsExactly("{\"bytes\":4}");
        }
    }
}
