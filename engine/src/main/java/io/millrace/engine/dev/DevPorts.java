package io.millrace.engine.dev;

/** Ports on the loopback interface; 0 takes any free one. */
public record DevPorts(int kafka, int registry, int connect, int objectStore) {
    /** Whatever is free. */
    public static final DevPorts FREE = new DevPorts(0, 0, 0, 0);

    /** Every port as a number: free ones are chosen, taken ones are refused with their name. */
    DevPorts chosen() {
        return new DevPorts(
                FreePort.orAny(kafka, "the Kafka broker (option --kafka-port)"),
                FreePort.orAny(registry, "the schema registry (option --registry-port)"),
                FreePort.orAny(connect, "Kafka Connect (option --connect-port)"),
                FreePort.orAny(objectStore, "the object store (option --s3-port)"));
    }
}
