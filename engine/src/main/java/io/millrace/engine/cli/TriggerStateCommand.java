package io.millrace.engine.cli;

import io.millrace.engine.operations.NodeReport;
import io.millrace.engine.operations.TriggerReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Shows how a trigger fares. */
@Command(name = "state", description = "Shows how a trigger fares, on every node, and why.")
final class TriggerStateCommand implements Runnable {
    @Mixin private final OpenOperations operations;

    @Option(names = "--json", description = "One JSON object per node.")
    private boolean json;

    @Spec private CommandSpec spec;

    TriggerStateCommand(Surroundings surroundings) {
        this.operations = new OpenOperations(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        operations.run((on, id) -> print(on.state(id)));
    }

    private void print(TriggerReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.println(
                    report.trigger().id()
                            + ": "
                            + report.phase()
                            + (report.reason().isEmpty() ? "" : ", " + report.reason()));
            out.println("last processing result: " + report.lastProcessingResult());
            out.println(
                    "lag: "
                            + (report.lag().isPresent()
                                    ? "" + report.lag().getAsLong()
                                    : "unknown"));
        }
        Listing listing =
                new Listing(
                        List.of(
                                "node",
                                "state",
                                "reason",
                                "since",
                                "partitions",
                                "result",
                                "told"));
        report.nodes().stream().map(TriggerStateCommand::row).forEach(listing::add);
        listing.print(out, json);
    }

    private static Map<String, String> row(NodeReport node) {
        return Map.of(
                "node",
                node.node(),
                "state",
                node.phase() + (node.stale() ? " (silent since)" : ""),
                "reason",
                node.reason(),
                "since",
                node.since().toString(),
                "partitions",
                "" + node.partitions(),
                "result",
                node.lastProcessingResult(),
                "told",
                node.publishedAt().toString());
    }
}
