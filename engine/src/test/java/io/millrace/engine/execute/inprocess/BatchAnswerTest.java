package io.millrace.engine.execute.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.execute.BatchAnswers;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.BatchResult;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What becomes of a batch whose handler answers in Lambda's way. */
final class BatchAnswerTest {
    private static final String ANSWER = "{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}";
    private static final ItemEnd DONE = new ItemEnd.Done(Output.NONE);
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
    private static final ItemEnd FAILED = new ItemEnd.Failed(Samples.FAILURE);

    @Test
    void shouldFailTheBatchWhereNoAnswerIsExpected() {
        AttemptEnd end = adapter(BatchAnswers.NONE).run(invocation());

        assertThat(end).isInstanceOf(AttemptEnd.Failed.class);
        Failure failure = ((AttemptEnd.Failed) end).failure();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.FUNCTION_ERROR);
        assertThat(failure.type()).isEqualTo("BatchAnswerNotExpected");
    }

    @Test
    void shouldFailTheBatchWhenTheAnswerFailsIt() {
        AttemptEnd failed = new AttemptEnd.Failed(Samples.FAILURE);

        assertThat(adapter((_, _) -> failed).run(invocation())).isEqualTo(failed);
    }

    @Test
    void shouldHandOnTheAnswerWithTheEventsTheHandlerSawAndKeepTheOthers() {
        List<Object> seen = new ArrayList<>();
        BatchAnswers answers =
                (json, events) -> {
                    seen.add(json);
                    events.forEach(event -> seen.add(event.raw().offset()));
                    return new AttemptEnd.Completed(List.of(DONE, FAILED));
                };

        AttemptEnd end = adapter(answers).run(invocation());

        assertThat(seen).containsExactly(ANSWER, 1L, 3L);
        assertThat(end)
                .isEqualTo(
                        new AttemptEnd.Completed(
                                List.of(DONE, new ItemEnd.Failed(unreadable()), FAILED)));
    }

    /** The second of three events cannot be read. */
    private static BatchAdapter adapter(BatchAnswers answers) {
        return new BatchAdapter(
                (_, _) -> BatchResult.ofResponse(ANSWER),
                event ->
                        event.raw().offset() == 2
                                ? new Input.Unreadable(unreadable())
                                : new Input.Value(event.raw().offset()),
                _ -> DONE,
                answers,
                new WindowStates(TypeFactory.defaultInstance()),
                STILL);
    }

    private static Failure unreadable() {
        return Samples.failure(Failure.Kind.UNDECODABLE);
    }

    private static Invocation invocation() {
        List<Event> events = new ArrayList<>();
        for (long offset = 1; offset <= 3; offset++) {
            RawEvent raw = Samples.event(offset, "k");
            events.add(new Event(raw, new DecodedValue.Bytes(raw.value())));
        }
        return new Invocation(
                new RequestId("r"), Samples.FUNCTION, new TriggerId("t"), events, 1, Instant.EPOCH);
    }
}
