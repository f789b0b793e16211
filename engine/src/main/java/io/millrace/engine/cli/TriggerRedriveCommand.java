package io.millrace.engine.cli;

import io.millrace.engine.operations.RedriveFilter;
import io.millrace.engine.operations.RedriveReport;
import io.millrace.engine.operations.RedriveRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Sends dead letters again. */
@Command(
        name = "redrive",
        description = {
            "Sends dead letters of a trigger to their source topic again, each of them once.",
            "Without a filter all of them."
        })
final class TriggerRedriveCommand implements Runnable {
    @Mixin private final OpenOperations operations;

    @Option(names = "--condition", paramLabel = "WORD", description = "Why it was given up.")
    private List<String> conditions = new ArrayList<>();

    @Option(names = "--error-type", paramLabel = "TYPE", description = "Type of the last failure.")
    private List<String> errorTypes = new ArrayList<>();

    @Option(names = "--from", paramLabel = "TIME", description = "Given up at this time or later.")
    private String from = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Given up before this time.")
    private String until = "";

    @Option(
            names = "--position",
            paramLabel = "TOPIC-PARTITION-OFFSET",
            description = "Where the event lay in its source topic.")
    private List<String> positions = new ArrayList<>();

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header it has to have.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--rate",
            paramLabel = "EVENTS/S",
            description = "Events per second at most; ${DEFAULT-VALUE} by default.")
    private double rate = RedriveRequest.DEFAULT_RATE;

    @Option(
            names = "--max-redrives",
            paramLabel = "COUNT",
            description =
                    "Leave out what was redriven so often already; ${DEFAULT-VALUE} by default.")
    private int maxRedrives = RedriveRequest.DEFAULT_MAX_REDRIVES;

    @Option(names = "--dry-run", description = "Only count.")
    private boolean dryRun;

    @Spec private CommandSpec spec;

    TriggerRedriveCommand(Surroundings surroundings) {
        this.operations = new OpenOperations(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        RedriveRequest request = new RedriveRequest(filter(), rate, maxRedrives);
        operations.run((on, id) -> {
            var progress = OpenOperations.to(spec.commandLine().getErr());
            print(
                    dryRun
                            ? on.planRedrive(id, request, progress)
                            : on.redrive(id, request, progress));
        });
    }

    private RedriveFilter filter() {
        return new RedriveFilter(
                Set.copyOf(conditions),
                Set.copyOf(errorTypes),
                Optional.of(from)
                        .filter(text -> !text.isEmpty())
                        .map(text -> TriggerSeekCommand.instant("--from", text)),
                Optional.of(until)
                        .filter(text -> !text.isEmpty())
                        .map(text -> TriggerSeekCommand.instant("--until", text)),
                positions.stream()
                        .map(TriggerSkipCommand::position)
                        .collect(Collectors.toUnmodifiableSet()),
                headers);
    }

    private void print(RedriveReport report) {
        PrintWriter out = spec.commandLine().getOut();
        report.byReason().forEach((reason, count) -> out.println(count + " " + reason));
        out.println(
                (dryRun ? "dry run, nothing was sent: " : "")
                        + report.redriven()
                        + (dryRun ? " to redrive, " : " redriven, ")
                        + report.others()
                        + " left out by the filter, "
                        + report.refused()
                        + " refused (redriven "
                        + maxRedrives
                        + " times already), "
                        + report.incomplete()
                        + " incomplete or without source topic");
    }
}
