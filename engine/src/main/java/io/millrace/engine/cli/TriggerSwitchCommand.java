package io.millrace.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Enables, disables or resumes a trigger. */
@Command
final class TriggerSwitchCommand implements Runnable {
    @Mixin private final OpenOperations operations;
    private final Kind kind;
    @Spec private CommandSpec spec;

    /** What is done. */
    enum Kind {
        ENABLE("enable", "Lets a disabled trigger run."),
        DISABLE("disable", "Takes a trigger off all nodes; what runs comes to its end."),
        RESUME("resume", "Ends a pause.");

        private final String word;
        private final String description;

        Kind(String word, String description) {
            this.word = word;
            this.description = description;
        }

        String word() {
            return word;
        }

        String description() {
            return description;
        }
    }

    TriggerSwitchCommand(Surroundings surroundings, Kind kind) {
        this.operations = new OpenOperations(surroundings);
        this.kind = kind;
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        operations.run((on, id) -> {
            switch (kind) {
                case ENABLE -> on.enable(id);
                case DISABLE -> on.disable(id);
                case RESUME -> on.resume(id);
            }
            spec.commandLine().getOut().println("trigger " + id + ": " + kind.word() + "d");
        });
    }
}
