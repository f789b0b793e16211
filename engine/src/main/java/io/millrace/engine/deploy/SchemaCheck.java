package io.millrace.engine.deploy;

import io.millrace.engine.cluster.SchemaFailures;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

/** Proves that the schema registry answers. */
final class SchemaCheck {
    private SchemaCheck() {}

    static void reach(SchemaRegistryClient schemas) {
        try {
            var _ = schemas.subjects();
        } catch (RegistryException e) {
            throw SchemaFailures.of(e);
        }
    }
}
