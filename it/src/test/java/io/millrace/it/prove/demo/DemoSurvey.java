package io.millrace.it.prove.demo;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What topics and buckets held at one moment.
 *
 * @param events of the source topic
 * @param uploads pictures by their keys: what tells one upload from the next
 * @param thumbnails by their keys
 * @param progress of the trigger's consumer group, one for each partition of the source topic
 * @param sourceState of the source, as Kafka Connect tells it
 */
public record DemoSurvey(
        List<Seen> events,
        Outcomes outcomes,
        List<Attempt> attempts,
        Map<String, String> uploads,
        Map<String, Payload> thumbnails,
        List<Progress> progress,
        String sourceState) {
    public DemoSurvey {
        events = List.copyOf(events);
        attempts = List.copyOf(attempts);
        uploads = Map.copyOf(uploads);
        thumbnails = Map.copyOf(thumbnails);
        progress = List.copyOf(progress);
    }

    /** What became of the events. */
    public record Outcomes(List<Seen> results, List<Seen> notifications, List<Seen> deadLetters) {
        public Outcomes {
            results = List.copyOf(results);
            notifications = List.copyOf(notifications);
            deadLetters = List.copyOf(deadLetters);
        }
    }

    /**
     * A committed record.
     *
     * @param position topic-partition-offset
     */
    public record Seen(
            String position, Payload key, Payload value, List<Header> headers, Instant at) {
        public Seen {
            headers = List.copyOf(headers);
        }

        /** The last header of that name as text; empty when there is none. */
        String header(String name) {
            return headers.reversed().stream()
                    .filter(header -> header.key().equals(name))
                    .findFirst()
                    .map(header -> header.value().text())
                    .orElse("");
        }
    }

    /**
     * An entry of the metering topic.
     *
     * @param source topic-partition-offset of its event
     */
    public record Attempt(String requestId, String source, int number, String outcome) {}

    /**
     * How far the trigger is.
     *
     * @param committed what the group committed; 0 when nothing
     * @param end of the partition
     * @param unread records at or behind what is committed
     */
    public record Progress(int partition, long committed, long end, long unread) {}
}
