package io.millrace.bench.process;

import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The main class of the broker's JVM: a broker with the settings the product ships with, and a
 * schema registry. Writes their two addresses as its first line and ends when its input does.
 */
public final class BrokerHost {
    private BrokerHost() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), 0);
                EmbeddedSchemaRegistry registry =
                        EmbeddedSchemaRegistry.start(
                                broker.bootstrapServers(), Map.of(), 0, (short) 1)) {
            answers.println(broker.bootstrapServers() + " " + registry.url());
            while (System.in.read() >= 0) {
                answers.println("ok");
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
