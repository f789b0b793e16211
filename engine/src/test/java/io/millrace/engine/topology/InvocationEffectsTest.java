package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.ValueFormat;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** De-duplication, records of failures and poisoning, by way of the whole topology. */
final class InvocationEffectsTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration DELAY = Duration.ofMillis(100);

    @TempDir Path state;

    @Test
    void shouldDropRepeatsWithinTheWindowAndNoOthers() {
        Intake intake =
                Intake.from(StartingPosition.EARLIEST, ValueFormat.BYTES)
                        .withDeduplication(new Intake.Deduplication("value", WINDOW));
        try (DrivenTrigger driven =
                new DrivenTrigger(trigger().withIntake(intake), this::succeed, state)) {
            driven.publish("k", "once");
            driven.publish("k", "once");
            driven.publish("other", "once");
            driven.publish("k", "another");
            driven.run();
            driven.publish("k", "once");
            driven.run();
            assertThat(driven.invocations).as("also when the first is finished").hasSize(2);

            driven.advance(WINDOW.plusSeconds(1));
            driven.publish("k", "once");
            driven.run();

            assertThat(driven.invocations).hasSize(3);
            assertThat(driven.written("results")).hasSize(3);
            assertThat(driven.written("dead")).isEmpty();
            driven.advance(Duration.ofMillis(60));
            assertThat(driven.gauges.repeats()).isEqualTo(3);
            assertThat(driven.epoch.tracker().unfinished()).isZero();
        }
    }

    @Test
    void shouldTryARepeatedEventAgainWhenItFails() {
        Intake intake =
                Intake.from(StartingPosition.EARLIEST, ValueFormat.BYTES)
                        .withDeduplication(new Intake.Deduplication("value", WINDOW));
        try (DrivenTrigger driven =
                new DrivenTrigger(
                        trigger().withIntake(intake),
                        _ -> failed(Failure.Kind.FUNCTION_ERROR),
                        state)) {
            driven.publish("k", "once");
            driven.publish("k", "once");
            for (int i = 0; i < 2; i++) {
                driven.run();
                driven.advance(DELAY);
            }
            driven.run();

            // An attempt of an event is no repeat of it.
            assertThat(driven.invocations).extracting(Invocation::attempt).containsExactly(1, 2);
            assertThat(driven.written("dead")).hasSize(1);
        }
    }

    @Test
    void shouldTellTheOnFailureTopicWhatFailed() throws IOException {
        Trigger plain = trigger();
        Trigger telling = plain.withDestinations(plain.destinations().withOnFailure("failures"));
        try (DrivenTrigger driven =
                new DrivenTrigger(telling, _ -> failed(Failure.Kind.FUNCTION_ERROR), state)) {
            driven.publish("k", "event");
            for (int i = 0; i < 2; i++) {
                driven.run();
                driven.advance(DELAY);
            }
            driven.run();

            List<TestRecord<byte[], byte[]>> records = driven.written("failures");
            assertThat(records).hasSize(1);
            JsonNode record = new ObjectMapper().readTree(records.getFirst().value());
            assertThat(record.at("/requestContext/condition").asText())
                    .isEqualTo("RetryAttemptsExhausted");
            assertThat(record.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(2);
            assertThat(driven.written("dead")).hasSize(1);
            assertThat(driven.written("results")).isEmpty();
        }
    }

    @Test
    void shouldTellTheOnFailureTopicNothingOfSuccesses() {
        Trigger plain = trigger();
        Trigger telling = plain.withDestinations(plain.destinations().withOnFailure("failures"));
        try (DrivenTrigger driven = new DrivenTrigger(telling, this::succeed, state)) {
            driven.publish("k", "event");
            driven.run();
            assertThat(driven.written("failures")).isEmpty();
            assertThat(driven.written("results")).hasSize(1);
        }
    }

    @Test
    void shouldPoisonTheTransactionWhenAnOutcomeIsAppliedInPart() {
        var driven = new DrivenTrigger(trigger(), _ -> failed(Failure.Kind.FUNCTION_ERROR), state);
        driven.publish("k", "event");
        // The attempt is metered, then its note cannot be written.
        driven.parked().close();
        assertThat(driven.isPoisoned()).isFalse();

        assertThatThrownBy(driven::run).hasRootCauseInstanceOf(InvalidStateStoreException.class);

        assertThat(driven.isPoisoned()).isTrue();
        assertThat(driven.epoch.tracker().unfinished()).isEqualTo(1);
        // The driver writes a checkpoint of the store that is closed.
        assertThatThrownBy(driven::close).isInstanceOf(InvalidStateStoreException.class);
    }

    private static Trigger trigger() {
        return Samples.trigger(
                        LanePolicy.byKey(16), BatchPolicy.SINGLE, RetryPolicy.of(2, DELAY, DELAY))
                .withDestinations(Destinations.of("results", "dead"));
    }

    private AttemptEnd succeed(Invocation invocation) {
        return new AttemptEnd.Completed(
                invocation.events().stream()
                        .<ItemEnd>map(_ -> new ItemEnd.Done(Samples.output("done")))
                        .toList());
    }

    private static AttemptEnd failed(Failure.Kind kind) {
        return new AttemptEnd.Failed(Samples.failure(kind));
    }
}
