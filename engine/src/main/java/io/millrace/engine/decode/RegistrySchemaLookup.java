package io.millrace.engine.decode;

import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Finds schemas in a schema registry; each id is asked for once.
 *
 * <p>Only what was found is kept, since an id that is missing now may be registered in a moment.
 * Bounded: it is emptied when it is full.
 */
public final class RegistrySchemaLookup implements SchemaLookup {
    private static final int MAX_SCHEMAS = 10_000;

    private final SchemaRegistryClient registry;
    private final ConcurrentMap<Integer, Found> known = new ConcurrentHashMap<>();

    /** The client stays its owner's to close. */
    public RegistrySchemaLookup(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    @Override
    public Found byId(int id) {
        Found found = known.get(id);
        if (found != null) {
            return found;
        }
        try {
            Found asked = new Found.Known(new WriterSchema(id, registry.schemaById(id).toString()));
            if (known.size() >= MAX_SCHEMAS) {
                known.clear();
            }
            Found earlier = known.putIfAbsent(id, asked);
            return earlier == null ? asked : earlier;
        } catch (RegistryException refused) {
            String reason = String.valueOf(refused.getMessage());
            return switch (refused.kind()) {
                case NOT_FOUND -> new Found.Missing(reason);
                case INVALID, INCOMPATIBLE -> new Found.Unusable(reason);
                // Refused credentials are a setting an operator mends, not a fault of the event.
                case DENIED, UNAVAILABLE -> new Found.Unavailable(reason);
            };
        }
    }
}
