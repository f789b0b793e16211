package io.millrace.engine.cli;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.registry.FunctionKey;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Lists the deployed functions. */
@Command(name = "functions", description = "Lists the deployed functions.")
final class FunctionsCommand implements Runnable {
    @Mixin private final ClusterOptions options;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Spec private CommandSpec spec;

    FunctionsCommand(Surroundings surroundings) {
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (SchemaRegistryClient schemas = options.schemas()) {
            RegistrySnapshot now = RegistryReader.read(options.cluster(), options.names(), schemas);
            List<FunctionSpec> functions =
                    now.functions().values().stream()
                            .sorted(Comparator.comparing(f -> FunctionKey.of(f).toString()))
                            .toList();
            Listing listing =
                    new Listing(
                            List.of(
                                    "function",
                                    "version",
                                    "handler",
                                    "timeout",
                                    "memoryMb",
                                    "code",
                                    "environment"));
            for (FunctionSpec function : functions) {
                // Names only: values may be secret.
                String names = String.join(",", new TreeSet<>(function.environment().keySet()));
                listing.add(
                        Map.of(
                                "function", function.name().value(),
                                "version", function.version(),
                                "handler", function.handler(),
                                "timeout", function.timeout().toMillis() + "ms",
                                "memoryMb", "" + function.memoryMb(),
                                "code", function.codeSha256(),
                                "environment", names));
            }
            listing.print(out, json);
        }
    }
}
