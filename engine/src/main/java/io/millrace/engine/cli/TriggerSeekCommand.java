package io.millrace.engine.cli;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.operations.SeekPlan;
import io.millrace.engine.operations.SeekTarget;
import io.millrace.engine.operations.TriggerOperations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Moves a trigger in its source topic. */
@Command(
        name = "seek",
        description = {
            "Moves a trigger in its source topic.",
            "It is disabled, moved when its nodes have let go of it, and made what it was before."
        })
final class TriggerSeekCommand implements Runnable {
    @Mixin private final OpenOperations operations;

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            description = "earliest, latest, or a time such as 2026-01-31T08:00:00Z.")
    private String to = "";

    @Option(
            names = "--offset",
            paramLabel = "PARTITION=OFFSET",
            description = "The offset to go on at in one partition; others stay where they are.")
    private Map<Integer, Long> offsets = new LinkedHashMap<>();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long to wait for the nodes; ${DEFAULT-VALUE} by default.")
    private int patience = (int) TriggerOperations.DEFAULT_PATIENCE.toSeconds();

    @Option(names = "--dry-run", description = "Only show what would be skipped or repeated.")
    private boolean dryRun;

    @Spec private CommandSpec spec;

    TriggerSeekCommand(Surroundings surroundings) {
        this.operations = new OpenOperations(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        SeekTarget target = target();
        if (patience < 1) {
            throw MillraceException.invalid("--patience", "" + patience, "1 or more seconds");
        }
        PrintWriter out = spec.commandLine().getOut();
        operations.run((on, id) -> {
            SeekPlan plan =
                    dryRun
                            ? on.planSeek(id, target)
                            : on.seek(
                                    id,
                                    target,
                                    Duration.ofSeconds(patience),
                                    OpenOperations.to(spec.commandLine().getErr()));
            plan.moves().forEach(move -> out.println(line(plan.topic(), move)));
            out.println(
                    (dryRun ? "dry run, nothing was changed: " : "trigger " + id + " moved: ")
                            + plan.skipped()
                            + " skipped, "
                            + plan.repeated()
                            + " repeated");
        });
    }

    private SeekTarget target() {
        if (to.isEmpty() == offsets.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID, "say where to: either --to or --offset, not both");
        }
        if (!offsets.isEmpty()) {
            return new SeekTarget.Offsets(offsets);
        }
        return switch (to.toLowerCase(Locale.ROOT)) {
            case "earliest" -> new SeekTarget.Earliest();
            case "latest" -> new SeekTarget.Latest();
            default -> new SeekTarget.Timestamp(instant("--to", to));
        };
    }

    /** Reads a time as everybody writes it. */
    static Instant instant(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw MillraceException.invalid(
                    option, text, "a time such as 2026-01-31T08:00:00Z, in some options a word");
        }
    }

    private static String line(String topic, SeekPlan.Move move) {
        String from = move.from().isPresent() ? "" + move.from().getAsLong() : "nowhere";
        return topic
                + "-"
                + move.partition()
                + ": "
                + from
                + " -> "
                + move.to()
                + (move.skipped() > 0 ? ", " + move.skipped() + " skipped" : "")
                + (move.repeated() > 0 ? ", " + move.repeated() + " repeated" : "");
    }
}
