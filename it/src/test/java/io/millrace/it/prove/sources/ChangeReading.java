package io.millrace.it.prove.sources;

import org.apache.avro.generic.GenericRecord;

import java.util.HashMap;
import java.util.Map;

/**
 * Events of objects -> changes, in the order of the topic: a deletion is told from another one of
 * the same object by what was deleted. Threading: one thread.
 */
final class ChangeReading {
    private final Map<String, String> states = new HashMap<>();

    Change read(TopicReader reader, TopicRecord record) {
        GenericRecord event = (GenericRecord) reader.avro(record);
        return read(record.key(), String.valueOf(event.get("kind")), event.get("eTag"));
    }

    Change read(String key, String kind, Object eTag) {
        if (kind.equals("DELETED")) {
            String before = states.remove(key);
            return new Change(key, "DELETED " + (before == null ? "what was not there" : before));
        }
        states.put(key, String.valueOf(eTag));
        return new Change(key, kind + " " + eTag);
    }

    /** What is there after all changes, as they were told. */
    Map<String, String> states() {
        return Map.copyOf(states);
    }
}
