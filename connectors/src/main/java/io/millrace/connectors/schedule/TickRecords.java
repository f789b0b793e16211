package io.millrace.connectors.schedule;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.cloudevents.EventRecordBuilder;
import io.millrace.connectors.cloudevents.EventSchemas;
import io.millrace.schemas.EventHeaders;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** Makes the records of ticks, and dead letters of those that are too large. */
final class TickRecords {
    static final String TYPE = "io.millrace.schedule.tick";

    /** What a record needs beside names, expression and payload, generously. */
    private static final int OVERHEAD = 2048;

    private final ScheduleSourceConfig config;
    private final ScheduleMetrics metrics;
    private final EventRecordBuilder records;
    private final String source;

    TickRecords(ScheduleSourceConfig config, ScheduleMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        this.records = new EventRecordBuilder(config.topic());
        this.source = "/schedules/" + URLEncoder.encode(config.connector(), StandardCharsets.UTF_8);
    }

    /**
     * The record of a tick.
     *
     * @throws ConnectException it is larger than a record may be, and nobody takes dead letters
     */
    SourceRecord record(Tick tick, Instant now) {
        Schedule schedule = tick.schedule();
        String id = CloudEventHeaders.idOf(List.of(schedule.name(), tick.dueAt().toString()));
        Optional<String> payload =
                schedule.payload().map(template -> template.fill(place -> fact(place, tick, id)));
        CloudEventHeaders attributes =
                new CloudEventHeaders(
                        id,
                        source,
                        TYPE,
                        schedule.name(),
                        Optional.of(tick.dueAt()),
                        config.contentType());
        int size = size(schedule, payload.orElse(""));
        if (size > config.maxRecordBytes()) {
            return deadLetter(tick, payload.orElse(""), size, attributes);
        }
        metrics.ticked(Duration.between(schedule.firesAt(tick.dueAt()), now).toMillis());
        return records.record(
                schedule.name(),
                value(tick, payload),
                attributes,
                ScheduleOffset.partition(schedule.name()),
                ScheduleOffset.of(tick).toMap());
    }

    private static Struct value(Tick tick, Optional<String> payload) {
        Schedule schedule = tick.schedule();
        Struct value =
                new Struct(EventSchemas.SCHEDULE_TICK)
                        .put("schedule", schedule.name())
                        .put("expression", schedule.expression())
                        .put("timeZone", schedule.zone().getId())
                        .put("dueAt", Date.from(tick.dueAt()))
                        .put("missed", tick.missed());
        payload.ifPresent(text -> value.put("payload", text));
        return value;
    }

    private SourceRecord deadLetter(
            Tick tick, String payload, int size, CloudEventHeaders attributes) {
        String name = tick.schedule().name();
        String why =
                "the tick of schedule '"
                        + name
                        + "' due at "
                        + tick.dueAt()
                        + " would have about "
                        + size
                        + " bytes, "
                        + ScheduleSourceConfig.MAX_RECORD_BYTES
                        + " allows "
                        + config.maxRecordBytes();
        String topic =
                config.deadLetterTopic()
                        .orElseThrow(() ->
                                new ConnectException(
                                        why
                                                + "; make its payload smaller, or set "
                                                + ScheduleSourceConfig.DEAD_LETTER_TOPIC
                                                + " to go on with the others"));
        metrics.deadLetter();
        Headers headers = attributes.toHeaders();
        headers.addString(EventHeaders.CONDITION, "TOO_LARGE");
        headers.addString(EventHeaders.ERROR_TYPE, "RecordTooLarge");
        headers.addString(EventHeaders.ERROR_MESSAGE, why);
        return new SourceRecord(
                ScheduleOffset.partition(name),
                ScheduleOffset.of(tick).toMap(),
                topic,
                null,
                Schema.STRING_SCHEMA,
                name,
                Schema.STRING_SCHEMA,
                payload,
                null,
                headers);
    }

    private static String fact(String place, Tick tick, String id) {
        return switch (place) {
            case PayloadTemplate.ARN ->
                    "arn:aws:scheduler:us-east-1:000000000000:schedule/default/"
                            + tick.schedule().name();
            case PayloadTemplate.TIME -> tick.dueAt().truncatedTo(ChronoUnit.SECONDS).toString();
            case PayloadTemplate.EXECUTION -> id;
            // The worker's producer tries again, never this source.
            case PayloadTemplate.ATTEMPT -> "1";
            default -> throw new IllegalStateException(place);
        };
    }

    private static int size(Schedule schedule, String payload) {
        return OVERHEAD
                + 3 * schedule.name().length()
                + 2 * schedule.expression().length()
                + payload.getBytes(StandardCharsets.UTF_8).length;
    }
}
