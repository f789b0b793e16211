package io.millrace.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Operates on one trigger; the work is done by its subcommands. */
@Command(
        name = "trigger",
        description = "Operates on a trigger while it runs.",
        synopsisSubcommandLabel = "COMMAND")
final class TriggerCommand implements Runnable {
    @Spec private CommandSpec spec;

    private TriggerCommand() {
        this.spec = CommandSpec.create();
    }

    static CommandLine of(Surroundings surroundings) {
        CommandLine commands = new CommandLine(new TriggerCommand());
        for (TriggerSwitchCommand.Kind kind : TriggerSwitchCommand.Kind.values()) {
            CommandLine command = new CommandLine(new TriggerSwitchCommand(surroundings, kind));
            command.getCommandSpec().usageMessage().description(kind.description());
            commands.addSubcommand(kind.word(), command);
        }
        return commands.addSubcommand(new TriggerPauseCommand(surroundings))
                .addSubcommand(new TriggerSeekCommand(surroundings))
                .addSubcommand(new TriggerSkipCommand(surroundings))
                .addSubcommand(new TriggerRedriveCommand(surroundings))
                .addSubcommand(new TriggerStateCommand(surroundings));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: " + String.join(", ", spec.subcommands().keySet()));
    }
}
