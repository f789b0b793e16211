package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Ports on the loopback interface; 0 takes any free one. */
public record DevPorts(int kafka, int registry, int connect, int objectStore) {
    /** Whatever is free. */
    public static final DevPorts FREE = new DevPorts(0, 0, 0, 0);

    /** Refuses a port that is taken, or wanted twice, with the name of its server. */
    public void requireFree() {
        var _ = chosen();
    }

    /** Every port as a number: free ones are chosen, others are refused as above. */
    DevPorts chosen() {
        requireDistinct();
        return new DevPorts(
                FreePort.orAny(kafka, "the Kafka broker (option --kafka-port)"),
                FreePort.orAny(registry, "the schema registry (option --registry-port)"),
                FreePort.orAny(connect, "Kafka Connect (option --connect-port)"),
                FreePort.orAny(objectStore, "the object store (option --s3-port)"));
    }

    private void requireDistinct() {
        List<Integer> wanted =
                Stream.of(kafka, registry, connect, objectStore).filter(port -> port != 0).toList();
        wanted.stream()
                .filter(port -> Collections.frequency(wanted, port) > 1)
                .findFirst()
                .ifPresent(port -> {
                    throw new MillraceException(
                            ErrorCode.INVALID,
                            "port '"
                                    + port
                                    + "' is wanted for two servers; give each one its own, or 0 for"
                                    + " any free one");
                });
    }
}
