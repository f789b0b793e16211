package io.millrace.engine.payload;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.Schema;

/** Registers schemas in a schema registry; the client remembers what it has registered. */
public final class RegistrySchemaRegistration implements SchemaRegistration {
    private final SchemaRegistryClient registry;

    /** The client stays its owner's to close. */
    public RegistrySchemaRegistration(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    @Override
    public Answer register(String subject, Schema schema) {
        try {
            return new Answer.Registered(registry.register(subject, schema));
        } catch (RegistryException refused) {
            String reason = String.valueOf(refused.getMessage());
            return switch (refused.kind()) {
                case NOT_FOUND, INVALID, INCOMPATIBLE -> new Answer.Refused(reason);
                // Refused credentials are a setting an operator mends, not a fault of the result.
                case DENIED, UNAVAILABLE -> new Answer.Unavailable(reason);
            };
        }
    }
}
