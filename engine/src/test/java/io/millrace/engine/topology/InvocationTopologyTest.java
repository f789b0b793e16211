package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.MeteringEntry;

import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Every way through the topology; offsets are proved with the wrapped clients and a broker. */
final class InvocationTopologyTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path state;

    /** Fails so many times before it succeeds, for values that say so. */
    private int failures;

    @Test
    void shouldWriteWhatTheFunctionReturned() {
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish("k", "event");
            driven.run();
            List<TestRecord<byte[], byte[]>> results = driven.written("results");
            assertThat(results).hasSize(1);
            assertThat(text(results.getFirst().value())).isEqualTo("handled event");
            assertThat(text(results.getFirst().key())).isEqualTo("k");
            assertThat(header(results.getFirst(), EventHeaders.SOURCE)).isEqualTo("orders-0-0");
            assertThat(driven.written("dead")).isEmpty();
            assertThat(driven.epoch.tracker().unfinished()).isZero();
            assertThat(driven.gauges.succeeded()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellTheOnSuccessTopicToo() {
        Trigger plain = trigger(SHORT);
        Trigger more = plain.withDestinations(plain.destinations().withOnSuccess("more"));
        try (DrivenTrigger driven = driven(more)) {
            driven.publish("k", "event");
            driven.run();
            assertThat(driven.written("results")).hasSize(1);
            assertThat(text(driven.written("more").getFirst().value())).isEqualTo("handled event");
        }
    }

    @Test
    void shouldKeepTheOriginalBytesAndHeadersInADeadLetter() {
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish(
                    "k",
                    "hopeless \u0000\uFFFD",
                    Header.of("trace", "1"),
                    Header.of("trace", "2"),
                    new Header("null", Payload.NULL));
            driven.run();
            assertThat(driven.written("results")).isEmpty();
            TestRecord<byte[], byte[]> dead = driven.written("dead").getFirst();
            assertThat(text(dead.value())).isEqualTo("hopeless \u0000\uFFFD");
            assertThat(text(dead.key())).isEqualTo("k");
            assertThat(dead.headers().headers("trace"))
                    .extracting(header -> text(header.value()))
                    .containsExactly("1", "2");
            assertThat(dead.headers().lastHeader("null").value()).isNull();
            assertThat(header(dead, EventHeaders.CONDITION)).isEqualTo("NonRetryable");
            assertThat(driven.gauges.deadLetters()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepATombstoneOfANullKeyInADeadLetter() {
        Trigger plain = trigger(SHORT);
        try (DrivenTrigger driven = new DrivenTrigger(plain, _ -> hopeless(), state)) {
            driven.publish(null, null);
            driven.run();
            TestRecord<byte[], byte[]> dead = driven.written("dead").getFirst();
            assertThat(dead.key()).isNull();
            assertThat(dead.value()).isNull();
        }
    }

    @Test
    void shouldTryAgainUntilItSucceeds() {
        failures = 2;
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish("k", "moody");
            driven.publish("k", "behind it");
            driven.run();
            assertThat(driven.written("results")).isEmpty();
            for (int i = 0; i < 2; i++) {
                driven.advance(SHORT);
                driven.run();
            }
            assertThat(driven.written("results"))
                    .extracting(result -> text(result.value()))
                    .containsExactly("handled moody", "handled behind it");
            assertThat(driven.invocations)
                    .extracting(Invocation::attempt)
                    .containsExactly(1, 2, 3, 1);
            assertThat(driven.gauges.retries()).isEqualTo(2);
            assertThat(parkedOffsets(driven)).isEmpty();
        }
    }

    @Test
    void shouldMakeADeadLetterWhenTheAttemptsAreUsedUp() {
        failures = 99;
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish("k", "moody");
            for (int i = 0; i < 3; i++) {
                driven.run();
                driven.advance(SHORT);
            }
            TestRecord<byte[], byte[]> dead = driven.written("dead").getFirst();
            assertThat(header(dead, EventHeaders.CONDITION)).isEqualTo("RetryAttemptsExhausted");
            assertThat(driven.invocations).hasSize(3);
        }
    }

    @Test
    void shouldParkALongRetryAndGoOnWithOtherKeys() {
        failures = 1;
        try (DrivenTrigger driven = driven(trigger(LONG))) {
            driven.publish("k", "moody");
            driven.run();
            driven.publish("k", "behind it");
            driven.publish("other", "event");
            driven.run();
            assertThat(driven.written("results"))
                    .extracting(result -> text(result.value()))
                    .containsExactly("handled event");
            assertThat(parkedOffsets(driven)).containsExactly(0L, 1L);
            assertThat(driven.epoch.tracker().unfinished()).as("nothing is held up").isZero();
            ParkedEvent head =
                    ParkedCodec.decode(
                            DrivenTrigger.PARTITION,
                            0,
                            Objects.requireNonNull(driven.parked().get(0L)));
            assertThat(head.progress().attempts()).isEqualTo(1);

            driven.advance(LONG);
            driven.run();
            assertThat(driven.written("results"))
                    .extracting(result -> text(result.value()))
                    .containsExactly("handled moody", "handled behind it");
            assertThat(parkedOffsets(driven)).isEmpty();
        }
    }

    @Test
    void shouldWriteASummaryBesideWhatIsParked() {
        failures = 1;
        try (DrivenTrigger driven = driven(trigger(LONG))) {
            driven.publish("k", "moody");
            driven.run();
            // What a restored task would check.
            var restored = new LoggedParkingStore(DrivenTrigger.PARTITION, driven.parked(), true);
            assertThat(restored.get(0)).isPresent();
        }
    }

    @Test
    void shouldDeadLetterWhatCannotBeDecodedWithoutCallingTheHandler() {
        Trigger json =
                trigger(SHORT).withIntake(Intake.from(StartingPosition.EARLIEST, ValueFormat.JSON));
        try (DrivenTrigger driven = driven(json)) {
            driven.publish("k", "not json");
            driven.run();
            TestRecord<byte[], byte[]> dead = driven.written("dead").getFirst();
            assertThat(text(dead.value())).isEqualTo("not json");
            assertThat(header(dead, EventHeaders.CONDITION)).isEqualTo("DecodeError");
            assertThat(driven.invocations).isEmpty();
            assertThat(driven.commit()).as("nothing to be metered").isEmpty();
        }
    }

    @Test
    void shouldLeaveNothingBehindOfWhatIsFiltered() {
        Intake intake = Intake.from(StartingPosition.EARLIEST, ValueFormat.JSON);
        Trigger filtering =
                trigger(SHORT)
                        .withIntake(
                                intake.withFilters(List.of("{\"value\":{\"kind\":[\"wanted\"]}}")));
        try (DrivenTrigger driven = driven(filtering)) {
            driven.publish("k", "{\"kind\":\"other\"}");
            driven.publish("k", "{\"kind\":\"wanted\"}");
            driven.run();
            assertThat(driven.invocations).hasSize(1);
            assertThat(driven.written("results")).hasSize(1);
            assertThat(driven.written("dead")).isEmpty();
            assertThat(driven.gauges.filtered()).isEqualTo(1);
            assertThat(driven.epoch.tracker().unfinished()).isZero();
        }
    }

    @Test
    void shouldMeterEveryAttemptWithTheNextCommit() {
        failures = 1;
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish("k", "moody");
            driven.run();
            assertThat(driven.commit()).hasSize(1);
            driven.advance(SHORT);
            driven.run();
            assertThat(driven.commit()).hasSize(1);
            assertThat(driven.commit()).as("each attempt once").isEmpty();
            assertThat(driven.metered)
                    .flatExtracting(record -> record.getEntries())
                    .extracting(MeteringEntry::getAttempt, MeteringEntry::getOutcome)
                    .containsExactly(
                            tuple(1, AttemptOutcome.FAILED), tuple(2, AttemptOutcome.SUCCEEDED));
        }
    }

    @Test
    void shouldSkipWhatWasFinishedBefore() {
        try (DrivenTrigger driven =
                new DrivenTrigger(trigger(SHORT), this::handle, state, FinishedSet.empty(1))) {
            driven.publish("k", "finished before");
            driven.publish("k", "event");
            driven.run();
            assertThat(driven.written("results"))
                    .extracting(result -> text(result.value()))
                    .containsExactly("handled event");
        }
    }

    @Test
    void shouldApplyWhatRanAndStartNothingWhileItStops() {
        try (DrivenTrigger driven = driven(trigger(SHORT))) {
            driven.publish("k", "event");
            driven.stop();
            driven.run();
            assertThat(driven.invocations).isEmpty();
            assertThat(driven.epoch.tracker().unfinished()).isEqualTo(1);
            assertThat(driven.isPoisoned()).isFalse();
        }
    }

    @Test
    void shouldCloseItsEpoch() {
        DrivenTrigger driven = driven(trigger(SHORT));
        driven.publish("k", "event");
        driven.close();
        assertThat(driven.epoch.isClosed()).isTrue();
        assertThat(driven.gauges.partitions()).isZero();
    }

    private DrivenTrigger driven(Trigger trigger) {
        return new DrivenTrigger(trigger, this::handle, state);
    }

    private static Trigger trigger(Duration delay) {
        Trigger plain =
                Samples.trigger(
                        LanePolicy.byKey(16), BatchPolicy.SINGLE, RetryPolicy.of(3, delay, delay));
        return plain.withDestinations(Destinations.of("results", "dead"));
    }

    private AttemptEnd handle(Invocation invocation) {
        Event event = invocation.events().getFirst();
        String value = event.raw().value().text();
        if (value.startsWith("hopeless")) {
            return hopeless();
        }
        if (value.equals("moody") && failures-- > 0) {
            return new AttemptEnd.Failed(Samples.FAILURE);
        }
        var output = new Output.Value(Payload.of("handled " + value), "text/plain");
        return new AttemptEnd.Completed(List.of(new ItemEnd.Done(output)));
    }

    private static AttemptEnd hopeless() {
        ItemEnd end = new ItemEnd.Failed(Samples.failure(Failure.Kind.NON_RETRYABLE));
        return new AttemptEnd.Completed(List.of(end));
    }

    private static List<Long> parkedOffsets(DrivenTrigger driven) {
        try (var all = driven.parked().all()) {
            var offsets = new ArrayList<Long>();
            all.forEachRemaining(entry -> offsets.add(entry.key));
            // The summary.
            offsets.remove(-1L);
            return offsets;
        }
    }

    private static String header(TestRecord<byte[], byte[]> record, String key) {
        return text(record.headers().lastHeader(key).value());
    }

    private static String text(byte @Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
}
