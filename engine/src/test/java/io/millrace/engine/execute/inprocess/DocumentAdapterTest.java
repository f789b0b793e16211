package io.millrace.engine.execute.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.execute.EventDocuments;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.BatchResult;
import io.millrace.functions.Handler;
import io.millrace.functions.NonRetryable;
import io.millrace.functions.WindowResult;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of the events of a document: three, of which the second may have no place in it. */
final class DocumentAdapterTest {
    private static final String ANSWER = "{\"batchItemFailures\":[{\"itemIdentifier\":\"x\"}]}";
    private static final ItemEnd DONE = new ItemEnd.Done(Output.NONE);
    private static final ItemEnd FAILED = new ItemEnd.Failed(Samples.FAILURE);
    private static final Failure NO_PLACE = Samples.failure(Failure.Kind.UNDECODABLE);
    private static final Failure LEFT_OVER = Samples.failure(Failure.Kind.UNAVAILABLE);
    private static final TimeSource STILL =
            new TimeSource() {
                @Override
                public Instant now() {
                    return Instant.EPOCH;
                }

                @Override
                public long nanos() {
                    return 0;
                }
            };

    private final List<@Nullable Object> handed = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();

    @Test
    void shouldNotCallTheHandlerWhenNoEventHasAPlace() {
        AttemptEnd end = run(_ -> "never", List.of(NO_PLACE, NO_PLACE, LEFT_OVER));

        assertThat(handed).isEmpty();
        assertThat(items(end))
                .containsExactly(failed(NO_PLACE), failed(NO_PLACE), failed(LEFT_OVER));
    }

    @Test
    void shouldFailTheAttemptWhenTheHandlerThrows() {
        AttemptEnd end = run(_ -> fail("broken"), List.of());

        assertThat(end).isInstanceOf(AttemptEnd.Failed.class);
        assertThat(((AttemptEnd.Failed) end).failure().message()).isEqualTo("broken");
    }

    @Test
    void shouldNotBlameAnEventThatWasLeftOverForWhatTheHandlerThrows() {
        AttemptEnd end = run(_ -> fail("broken"), List.of(LEFT_OVER));

        assertThat(items(end).get(1)).isEqualTo(failed(LEFT_OVER));
        assertThat(List.of(items(end).get(0), items(end).get(2)))
                .allSatisfy(item ->
                        assertThat(((ItemEnd.Failed) item).failure().kind())
                                .isEqualTo(Failure.Kind.FUNCTION_ERROR));
    }

    @Test
    void shouldFailTheAttemptForGoodWhenTheHandlerSaysSo() {
        AttemptEnd end =
                run(
                        _ -> {
                            throw new NonRetryable("never");
                        },
                        List.of());

        assertThat(((AttemptEnd.Failed) end).failure().kind())
                .isEqualTo(Failure.Kind.NON_RETRYABLE);
    }

    @Test
    void shouldHandOverOneDocumentAndGiveItsResultToTheLastEventInIt() {
        AttemptEnd end = run(_ -> "ok", List.of());

        assertThat(handed).containsExactly("{\"doc\":1}");
        assertThat(items(end)).containsExactly(DONE, DONE, value("ok"));
        assertThat(answered).isEmpty();
    }

    @Test
    void shouldFinishAllEventsOfAHandlerWithoutResult() {
        assertThat(items(run(_ -> null, List.of()))).containsExactly(DONE, DONE, DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ANSWER,
                " \n{\"a\":{\"b\":[1]},\"batchItemFailures\":null}",
                "{\"batch_item_failures\":[]}",
                "{\"batchitemfailures\":7}"
            })
    void shouldReadAnAnswerInLambdasForm(String answer) {
        AttemptEnd end = run(_ -> answer, List.of(NO_PLACE));

        assertThat(answered).containsExactly(answer);
        assertThat(items(end)).containsExactly(DONE, failed(NO_PLACE), FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"failures\":[\"batchItemFailures\"]}",
                "{\"state\":{}}",
                "[{\"batchItemFailures\":[]}]",
                "{\"batchItemFailure",
                "",
                "\"batchItemFailures\""
            })
    void shouldTakeAnythingElseForAResult(String result) {
        AttemptEnd end = run(_ -> result, List.of());

        assertThat(answered).isEmpty();
        assertThat(items(end).getLast()).isEqualTo(value(result));
    }

    @Test
    void shouldTakeAnAnswerOfTheSdkToo() {
        AttemptEnd end = run(_ -> BatchResult.ofResponse(ANSWER), List.of(NO_PLACE));

        assertThat(items(end)).containsExactly(DONE, failed(NO_PLACE), FAILED);
    }

    @Test
    void shouldRefuseAResultForEachEvent() {
        AttemptEnd end = run(_ -> BatchResult.allSucceeded(), List.of());

        assertThat(((AttemptEnd.Failed) end).failure().type()).isEqualTo("BatchResultMisfit");
    }

    @Test
    void shouldReadAStateInAWindow() {
        AttemptEnd lambda = runInWindow(_ -> "{\"state\":{\"n\":1}}", false);
        AttemptEnd sdk = runInWindow(_ -> WindowResult.keep("{\"n\":2}", "r"), false);

        assertThat(answered).containsExactly("{\"state\":{\"n\":1}}");
        assertThat(((AttemptEnd.Completed) lambda).state()).contains("told");
        assertThat(((AttemptEnd.Completed) sdk).state()).contains("{\"n\":2}");
        assertThat(items(sdk).getLast()).isEqualTo(value("r"));
    }

    @Test
    void shouldEndAWindowOnceWithWhatItReturns() {
        assertThat(items(runInWindow(_ -> "total", true))).containsExactly(value("total"));
        assertThat(items(runInWindow(_ -> null, true))).containsExactly(DONE);
        assertThat(items(runInWindow(_ -> "{\"batchItemFailures\":[]}", true)))
                .containsExactly(DONE);
    }

    @Test
    void shouldFailTheAttemptWhenItsResultCannotBeWritten() {
        AttemptEnd end = run(_ -> "unwritable", List.of());

        assertThat(end).isEqualTo(new AttemptEnd.Failed(Samples.FAILURE));
    }

    private interface Body {
        @Nullable Object of(@Nullable Object document);
    }

    private static Object fail(String message) {
        throw new IllegalStateException(message);
    }

    /** Faults are of the second event; three are those of all. */
    private AttemptEnd run(Body body, List<Failure> faults) {
        List<Optional<Failure>> all =
                faults.size() == 3
                        ? faults.stream().map(Optional::of).toList()
                        : List.of(Optional.empty(), faults.stream().findFirst(), Optional.empty());
        return adapter(body, all).run(invocation(3, Optional.empty()));
    }

    private AttemptEnd runInWindow(Body body, boolean isFinal) {
        Optional<WindowInput.Closing> closing =
                isFinal
                        ? Optional.of(
                                new WindowInput.Closing(
                                        false,
                                        new BatchRange(
                                                Samples.PARTITION,
                                                1,
                                                3,
                                                Instant.EPOCH,
                                                Instant.EPOCH,
                                                3)))
                        : Optional.empty();
        var window = new WindowInput(Instant.EPOCH, Instant.EPOCH, "{}", closing);
        int events = isFinal ? 0 : 3;
        List<Optional<Failure>> faults = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            faults.add(Optional.empty());
        }
        return adapter(body, faults).run(invocation(events, Optional.of(window)));
    }

    private DocumentAdapter adapter(Body body, List<Optional<Failure>> faults) {
        EventDocuments documents =
                _ ->
                        new EventDocuments.Rendered(
                                Payload.of("{\"doc\":1}"), faults, answer -> told(answer, faults));
        Handler<@Nullable Object, @Nullable Object> handler =
                (document, _) -> {
                    handed.add(document);
                    return body.of(document);
                };
        return new DocumentAdapter(
                handler,
                new TextReader(),
                value -> value.equals("unwritable") ? FAILED : value((String) value),
                documents,
                new WindowStates(TypeFactory.defaultInstance()),
                STILL);
    }

    /** The last event failed. */
    private AttemptEnd told(String answer, List<Optional<Failure>> faults) {
        answered.add(answer);
        List<ItemEnd> ends = new ArrayList<>();
        faults.stream().filter(Optional::isEmpty).forEach(_ -> ends.add(DONE));
        if (!ends.isEmpty()) {
            ends.set(ends.size() - 1, FAILED);
        }
        return new AttemptEnd.Completed(ends, Optional.of("told"));
    }

    private static Invocation invocation(int count, Optional<WindowInput> window) {
        List<Event> events = new ArrayList<>();
        for (long offset = 1; offset <= count; offset++) {
            RawEvent raw = Samples.event(offset, "k");
            events.add(new Event(raw, new DecodedValue.Bytes(raw.value())));
        }
        return new Invocation(
                new RequestId("r"),
                Samples.FUNCTION,
                new TriggerId("t"),
                events,
                1,
                Instant.EPOCH,
                window);
    }

    private static List<ItemEnd> items(AttemptEnd end) {
        assertThat(end).isInstanceOf(AttemptEnd.Completed.class);
        return ((AttemptEnd.Completed) end).items();
    }

    private static ItemEnd failed(Failure failure) {
        return new ItemEnd.Failed(failure);
    }

    private static ItemEnd value(String text) {
        return new ItemEnd.Done(new Output.Value(Payload.of(text), "text"));
    }
}
