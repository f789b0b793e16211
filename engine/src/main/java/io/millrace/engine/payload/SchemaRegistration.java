package io.millrace.engine.payload;

import org.apache.avro.Schema;

/** Gives schemas an id under a subject. Threading: any thread; may block, never throws. */
@FunctionalInterface
public interface SchemaRegistration {
    Answer register(String subject, Schema schema);

    /** What the registry said. */
    sealed interface Answer {
        record Registered(int id) implements Answer {}

        /** The registry does not take this schema, and would not the next time. */
        record Refused(String reason) implements Answer {}

        /** The registry could not be asked. */
        record Unavailable(String reason) implements Answer {}
    }
}
