package io.millrace.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Pauses a trigger. */
@Command(name = "pause", description = "Hands out no event until the trigger is resumed.")
final class TriggerPauseCommand implements Runnable {
    @Mixin private final OpenOperations operations;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why, for people; shown with the state.")
    private String reason = "paused by an operator";

    @Spec private CommandSpec spec;

    TriggerPauseCommand(Surroundings surroundings) {
        this.operations = new OpenOperations(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        operations.run((on, id) -> {
            on.pause(id, reason);
            spec.commandLine().getOut().println("trigger " + id + ": paused");
        });
    }
}
