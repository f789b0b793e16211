package io.millrace.engine.cli;

import io.millrace.engine.model.TriggerId;
import io.millrace.engine.operations.Progress;
import io.millrace.engine.operations.TriggerOperations;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** The trigger a command works on, and the cluster it is in. */
final class OpenOperations {
    @Mixin private final ClusterOptions options;

    @Parameters(index = "0", paramLabel = "ID", description = "Id of the trigger.")
    private String id = "";

    private final Surroundings surroundings;

    OpenOperations(Surroundings surroundings) {
        this.options = new ClusterOptions(surroundings);
        this.surroundings = surroundings;
    }

    /** Connects, does the work and disconnects. */
    void run(BiConsumer<TriggerOperations, TriggerId> work) {
        var trigger = new TriggerId(id);
        try (SchemaRegistryClient schemas = options.schemas();
                TriggerOperations operations =
                        new TriggerOperations(
                                options.cluster(), options.names(), schemas, surroundings.time())) {
            work.accept(operations, trigger);
        }
    }

    /** Prints how far it has come as it goes. */
    static Progress to(PrintWriter err) {
        return line -> {
            err.println(line);
            err.flush();
        };
    }
}
