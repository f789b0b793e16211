package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One of AWS's event types. Threading: any thread. */
interface Form {
    /** The name of the event type, for messages. */
    String name();

    /**
     * Writes the part of one record.
     *
     * @return the identifier of its event
     * @throws Unrenderable if the record is not what the form needs
     */
    String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable;

    /** Puts the parts together. */
    byte[] document(List<Part> parts, Optional<WindowInput> window) throws IOException;

    /**
     * One record's part of a document.
     *
     * @param json as {@link #write} wrote it
     */
    record Part(PartitionId partition, Bytes json, String identifier) {}

    /** Bytes that are handed on and not compared. */
    final class Bytes {
        private final byte[] array;

        Bytes(byte[] array) {
            this.array = array;
        }

        byte[] array() {
            return array;
        }

        int size() {
            return array.length;
        }
    }
}
