package io.millrace.engine.decode;

import io.millrace.engine.model.DecodedValue.WriterSchema;

/** Finds schemas by the id in front of a value. Threading: any thread; may block, never throws. */
@FunctionalInterface
public interface SchemaLookup {
    Found byId(int id);

    /** What the registry said. */
    sealed interface Found {
        /** The same instance for the same id, so that readers can cache by it. */
        record Known(WriterSchema schema) implements Found {}

        /** The registry has no such schema. */
        record Missing(String reason) implements Found {}

        /** The registry has it, and it cannot be read. */
        record Unusable(String reason) implements Found {}

        /** The registry could not be asked. */
        record Unavailable(String reason) implements Found {}
    }
}
