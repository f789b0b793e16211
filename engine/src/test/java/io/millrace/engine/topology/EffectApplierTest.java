package io.millrace.engine.topology;

import static io.millrace.engine.model.Samples.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.FailureMapper;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;
import io.millrace.engine.sink.KafkaSource;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;

import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class EffectApplierTest {
    private static final Outcome SUCCESS = new Outcome.Succeeded(output("ok"));
    private static final Outcome FAILURE =
            new Outcome.Failed(Outcome.Condition.NON_RETRYABLE, Samples.FAILURE);

    private final Map<String, Integer> limits = new HashMap<>();

    @Test
    void shouldWriteNothingForARetry() {
        assertThat(records()).isEmpty();
    }

    @Test
    void shouldWriteWhatCameOfEachEventInTheOrderOfTheEvents() {
        List<OutboundRecord> records =
                records(
                        settled(1, SUCCESS),
                        settled(2, FAILURE),
                        settled(3, new Outcome.Succeeded(Output.NONE)),
                        settled(4, SUCCESS));
        assertThat(records)
                .extracting(record -> record.topic() + " " + sourceOf(record))
                .containsExactly(
                        "results orders-3-1",
                        "more orders-3-1",
                        "dead orders-3-2",
                        "results orders-3-4",
                        "more orders-3-4");
        assertThat(records).allMatch(record -> record.timestamp() == 1_001);
    }

    @Test
    void shouldMakeADeadLetterOfAResultThatDoesNotFit() {
        limits.put("results", 1_000);
        List<OutboundRecord> records =
                records(
                        settled(1, new Outcome.Succeeded(output("x".repeat(1_000)))),
                        settled(2, SUCCESS));
        assertThat(records)
                .extracting(OutboundRecord::topic)
                .containsExactly("dead", "results", "more");
        OutboundRecord dead = records.getFirst();
        assertThat(dead.value()).as("the event, not the result").isEqualTo(Payload.of("value 1"));
        assertThat(dead.headers())
                .contains(Header.of("millrace-condition", "MaximumPayloadSizeExceeded"));
        assertThat(header(dead, "millrace-error-message")).contains("1000", "'results'");
    }

    @Test
    void shouldWriteNoResultAtAllWhenOneOfTwoTopicsCannotTakeIt() {
        limits.put("more", 100);
        assertThat(records(settled(1, SUCCESS)))
                .extracting(OutboundRecord::topic)
                .containsExactly("dead");
    }

    @Test
    void shouldDropTheHeadersOfADeadLetterThatDoesNotFit() {
        limits.put("dead", 2_000);
        RawEvent event = event(1, "v", Header.of("big", "x".repeat(2_000)));
        OutboundRecord dead = records(new Decision.Settled(event, FAILURE, 1)).getFirst();
        assertThat(dead.value()).isEqualTo(Payload.of("v"));
        assertThat(header(dead, "millrace-truncated")).isEqualTo("headers");
        assertThat(dead.headers()).noneMatch(header -> header.key().equals("big"));
    }

    @Test
    void shouldReduceADeadLetterToItsCoordinatesWhenItsValueDoesNotFit() {
        limits.put("dead", 2_000);
        RawEvent event = event(1, "x".repeat(2_000), Header.of("h", "v"));
        OutboundRecord dead = records(new Decision.Settled(event, FAILURE, 1)).getFirst();
        assertThat(dead.value().isNull()).isTrue();
        assertThat(sourceOf(dead)).isEqualTo("orders-3-1");
        assertThat(guard().fits(dead)).isTrue();
    }

    @Test
    void shouldGiveEveryForwardedRecordHeadersOfItsOwn() {
        List<OutboundRecord> records = records(settled(1, SUCCESS));
        Record<byte @Nullable [], OutboundRecord> first =
                OutboundSerializer.toForward(records.getFirst());
        Record<byte @Nullable [], OutboundRecord> second =
                OutboundSerializer.toForward(records.getLast());
        first.headers().add("added later", new byte[0]);
        assertThat(second.headers().headers("added later")).isEmpty();
        assertThat(second.headers().toArray()).hasSize(records.getLast().headers().size());
    }

    @Test
    void shouldForwardNullsAsNulls() {
        var header = new Header("null", Payload.NULL);
        var record = new OutboundRecord("t", Payload.NULL, Payload.NULL, List.of(header), 5);
        Record<byte @Nullable [], OutboundRecord> forwarded = OutboundSerializer.toForward(record);
        assertThat(forwarded.key()).isNull();
        assertThat(forwarded.headers().lastHeader("null").value()).isNull();
        assertThat(forwarded.timestamp()).isEqualTo(5);
        try (var serializer = new OutboundSerializer()) {
            assertThat(serializer.serialize("t", record)).isNull();
        }
    }

    private List<OutboundRecord> records(Decision.Settled... settled) {
        Trigger trigger = trigger();
        List<RawEvent> events = Arrays.stream(settled).map(Decision.Settled::event).toList();
        Lane lane = new LaneTable(LanePolicy.BY_PARTITION, 1).lane(0);
        List<ItemEnd> ends = events.stream().<ItemEnd>map(_ -> ItemEnd.FILTERED).toList();
        var report =
                new AttemptReport(
                        lane,
                        Work.of(events, Progress.NONE),
                        ends,
                        Optional.empty(),
                        1,
                        new RequestId("r"),
                        Samples.FUNCTION,
                        new AttemptReport.Span(Instant.ofEpochMilli(1_000), Duration.ofMillis(1)),
                        Optional.empty());
        var decision =
                new Decision(report, List.of(settled), List.of(), Duration.ZERO, Optional.empty());
        return new EffectApplier(
                        new ResultMapper(trigger),
                        new DeadLetterMapper(trigger, "node"),
                        new FailureMapper(
                                trigger,
                                new KafkaSource(Optional.empty(), "kafka:9092"),
                                TimestampType.CREATE_TIME),
                        guard())
                .records(decision);
    }

    private SizeGuard guard() {
        return new SizeGuard(limits, 1_000_000);
    }

    private static Trigger trigger() {
        Trigger plain = Samples.trigger(1, 1, RetryPolicy.DEFAULT);
        return plain.withDestinations(Destinations.of("results", "dead").withOnSuccess("more"));
    }

    private static Decision.Settled settled(long offset, Outcome outcome) {
        return new Decision.Settled(Samples.event(offset, "k"), outcome, 1);
    }

    private static RawEvent event(long offset, String value, Header header) {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, offset),
                Payload.of("k"),
                Payload.of(value),
                List.of(header),
                0);
    }

    private static String sourceOf(OutboundRecord record) {
        return header(record, "millrace-source");
    }

    private static String header(OutboundRecord record, String key) {
        return record.headers().stream()
                .filter(header -> header.key().equals(key))
                .findFirst()
                .orElseThrow()
                .value()
                .text();
    }
}
