package io.millrace.it.registry;

import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.nio.file.Path;
import java.util.Map;

/** A broker and a registry on it. */
final class RegistryServers implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final EmbeddedSchemaRegistry registry;

    private RegistryServers(EmbeddedBroker broker) {
        this.broker = broker;
        this.registry = another(broker);
    }

    static RegistryServers start(Path directory) {
        return new RegistryServers(EmbeddedBroker.start(directory, 0));
    }

    static EmbeddedSchemaRegistry another(EmbeddedBroker broker) {
        return EmbeddedSchemaRegistry.start(broker.bootstrapServers(), Map.of(), 0, (short) 1);
    }

    EmbeddedSchemaRegistry another() {
        return another(broker);
    }

    EmbeddedBroker broker() {
        return broker;
    }

    String url() {
        return registry.url().toString();
    }

    SchemaRegistryClient client() {
        return client(registry);
    }

    static SchemaRegistryClient client(EmbeddedSchemaRegistry registry) {
        return new SchemaRegistryClient(RegistryConfig.of(registry.url().toString()));
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }
}
