package io.millrace.engine.execute.inprocess;

import static io.millrace.engine.execute.inprocess.InvokerFixture.endsOf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

final class BatchInvocationTest {
    /** Does what its first event says. */
    private static final String SCRIPTED =
            """
            public class Scripted implements BatchHandler<Scripted.Step, String> {
                public record Step(String name) {}
                public BatchResult<String> handle(List<Step> events, Context context) {
                    List<String> names = new ArrayList<>();
                    events.forEach(event -> names.add(event == null ? "none" : event.name()));
                    switch (names.get(0)) {
                        case "throw": throw new IllegalStateException("all");
                        case "never": throw new NonRetryable("all");
                        case "null": return null;
                        case "short": return BatchResult.of(List.of("a"));
                        case "beyond":
                            return BatchResult.<String>allSucceeded()
                                    .failed(events.size(), new RuntimeException());
                        case "quiet": return BatchResult.allSucceeded();
                        case "partial":
                            return BatchResult.of(names)
                                    .failed(1, new IllegalStateException("one"))
                                    .failed(2, new NonRetryable("two"));
                        case "append": events.add(new Step("more")); return null;
                        default:
                            names.replaceAll(name -> name + "/" + context.sources().size());
                            return BatchResult.of(names);
                    }
                }
            }
            """;

    @TempDir private static Path folder;
    private static Path jar = Path.of("");

    @BeforeAll
    static void compile() throws IOException {
        jar = new FunctionJar(folder).source("Scripted", SCRIPTED).build();
    }

    @Test
    void shouldEndEveryEventForItself() {
        assertThat(run("partial", "b", "c", "d"))
                .containsExactly(
                        "partial",
                        "FUNCTION_ERROR java.lang.IllegalStateException",
                        "NON_RETRYABLE io.millrace.functions.NonRetryable",
                        "d");
        assertThat(run("quiet", "b")).containsExactly("-", "-");
    }

    @Test
    void shouldFailAsAWholeWhenTheHandlerThrows() {
        assertThat(run("throw", "b"))
                .containsExactly("attempt FUNCTION_ERROR java.lang.IllegalStateException");
        assertThat(run("never", "b"))
                .containsExactly("attempt NON_RETRYABLE io.millrace.functions.NonRetryable");
        assertThat(run("append", "b"))
                .containsExactly("attempt FUNCTION_ERROR java.lang.UnsupportedOperationException");
    }

    @Test
    void shouldFailAsAWholeWhenTheResultDoesNotFitTheBatch() {
        for (String misfit : List.of("null", "short", "beyond")) {
            assertThat(run(misfit, "b"))
                    .as(misfit)
                    .containsExactly("attempt FUNCTION_ERROR BatchResultMisfit");
        }
    }

    @Test
    void shouldSayHowTheResultDoesNotFitTheBatch() {
        try (InProcessInvoker invoker = invoker()) {
            // When
            AttemptEnd end = invoker.invoke(fixture().invocation(steps("short", "b")));

            // Then
            assertThat(end)
                    .isEqualTo(
                            new AttemptEnd.Failed(
                                    new Failure(
                                            Failure.Kind.FUNCTION_ERROR,
                                            "BatchResultMisfit",
                                            "the handler returned a result for 1 for a batch of 2"
                                                    + " events; it must return one end per event")));
        }
    }

    @Test
    void shouldRunTheOthersWhenAnEventCannotBeRead() {
        try (InProcessInvoker invoker = invoker()) {
            // Given
            Event good = InvokerFixture.text("{\"name\":\"a\"}");
            Event bad = InvokerFixture.text("{\"name\":");
            Event tombstone = InvokerFixture.bytes(Payload.NULL);

            // When
            AttemptEnd mixed = invoker.invoke(fixture().invocation(good, bad, tombstone));
            AttemptEnd none = invoker.invoke(fixture().invocation(bad));

            // Then
            String unreadable = "UNDECODABLE com.fasterxml.jackson.core.io.JsonEOFException";
            assertThat(endsOf(mixed)).containsExactly("a/2", unreadable, "none/2");
            assertThat(endsOf(none)).containsExactly(unreadable);
            assertThat(invoker.isBatch()).isTrue();
        }
    }

    private List<String> run(String... names) {
        try (InProcessInvoker invoker = invoker()) {
            return endsOf(invoker.invoke(fixture().invocation(steps(names))));
        }
    }

    private static InProcessInvoker invoker() {
        return fixture().invoker("Scripted", jar);
    }

    private static InvokerFixture fixture() {
        return new InvokerFixture(folder);
    }

    private static Event[] steps(String... names) {
        Event[] events = new Event[names.length];
        for (int i = 0; i < names.length; i++) {
            events[i] = InvokerFixture.text("{\"name\":\"" + names[i] + "\",\"unknown\":1}");
        }
        return events;
    }
}
