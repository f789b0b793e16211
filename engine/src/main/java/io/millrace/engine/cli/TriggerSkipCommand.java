package io.millrace.engine.cli;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.operations.SkipPlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Leaves one event out. */
@Command(
        name = "skip",
        description = "Leaves one event out; it becomes a dead letter, SkippedByOperator.")
final class TriggerSkipCommand implements Runnable {
    @Mixin private final OpenOperations operations;

    @Parameters(
            index = "1",
            paramLabel = "POSITION",
            description = "Where the event lies: TOPIC-PARTITION-OFFSET.")
    private String position = "";

    @Option(names = "--dry-run", description = "Only show which event it is.")
    private boolean dryRun;

    @Spec private CommandSpec spec;

    TriggerSkipCommand(Surroundings surroundings) {
        this.operations = new OpenOperations(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        EventPosition event = position(position);
        operations.run((on, id) -> {
            SkipPlan plan = dryRun ? on.planSkip(id, event) : on.skip(id, event);
            spec.commandLine()
                    .getOut()
                    .println(
                            (dryRun
                                            ? "dry run, nothing was changed: "
                                            : "trigger " + id + " skips: ")
                                    + plan.position()
                                    + " of "
                                    + plan.timestamp()
                                    + ", "
                                    + plan.bytes()
                                    + " bytes");
        });
    }

    static EventPosition position(String text) {
        return EventPosition.parse(text)
                .orElseThrow(() ->
                        MillraceException.invalid(
                                "position", text, "TOPIC-PARTITION-OFFSET, such as orders-0-17"));
    }
}
