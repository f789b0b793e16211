package io.millrace.engine.cli;

import io.millrace.engine.deploy.SourceState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Map;

/** Lists the sources. */
@Command(name = "list", description = "Lists the sources.")
final class SourceListCommand implements Runnable {
    @Mixin private final ConnectOptions connect;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Spec private CommandSpec spec;

    SourceListCommand(Surroundings surroundings) {
        this.connect = new ConnectOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        connect.run(operations -> {
            Listing listing = listing();
            operations.list().stream().map(SourceListCommand::row).forEach(listing::add);
            listing.print(spec.commandLine().getOut(), json);
        });
    }

    static Listing listing() {
        return new Listing(List.of("source", "state", "tasks", "topic", "connector", "trouble"));
    }

    static Map<String, String> row(SourceState state) {
        String connector = state.connectorClass();
        return Map.of(
                "source", state.name(),
                "state", state.summary(),
                "tasks", state.running(),
                "topic", state.topic(),
                "connector", connector.substring(connector.lastIndexOf('.') + 1),
                "trouble", state.trouble());
    }
}
