package io.millrace.engine.cli;

import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.operations.TriggerOperations;
import io.millrace.engine.operations.TriggerReport;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists the deployed triggers. */
@Command(name = "triggers", description = "Lists the deployed triggers.")
final class TriggersCommand implements Runnable {
    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Spec private CommandSpec spec;

    TriggersCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (SchemaRegistryClient schemas = options.schemas();
                TriggerOperations operations =
                        new TriggerOperations(
                                options.cluster(), options.names(), schemas, surroundings.time())) {
            Listing listing =
                    new Listing(
                            List.of(
                                    "trigger",
                                    "topic",
                                    "function",
                                    "lanes",
                                    "concurrency",
                                    "attempts",
                                    "results",
                                    "deadLetters",
                                    "onSuccess",
                                    "enabled",
                                    "state",
                                    "reason"));
            operations.states().stream().map(TriggersCommand::row).forEach(listing::add);
            listing.print(out, json);
        }
    }

    private static String lanes(LanePolicy policy) {
        return switch (policy.order()) {
            case KEY -> policy.lanes() == LanePolicy.LANE_PER_KEY ? "key" : "" + policy.lanes();
            case PARTITION -> "1";
            case NONE -> "unordered";
        };
    }

    private static Map<String, String> row(TriggerReport report) {
        var row = new HashMap<>(row(report.trigger()));
        row.put("state", report.phase());
        row.put("reason", report.reason());
        return row;
    }

    private static Map<String, String> row(Trigger trigger) {
        return Map.of(
                "trigger",
                trigger.id().value(),
                "topic",
                trigger.sourceTopic(),
                "function",
                trigger.function() + ":" + trigger.version(),
                "lanes",
                lanes(trigger.lanes()),
                "concurrency",
                "" + trigger.load().maxConcurrency(),
                "attempts",
                "" + trigger.retry().maxAttempts(),
                "results",
                trigger.destinations().results(),
                "deadLetters",
                trigger.destinations().deadLetters(),
                "onSuccess",
                trigger.destinations().onSuccess().orElse(""),
                "enabled",
                "" + trigger.enabled());
    }
}
