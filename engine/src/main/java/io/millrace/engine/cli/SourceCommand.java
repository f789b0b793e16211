package io.millrace.engine.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Operates on sources; the work is done by its subcommands. */
@Command(
        name = "source",
        description = "Operates on sources, the connectors of Kafka Connect that write events.",
        synopsisSubcommandLabel = "COMMAND")
final class SourceCommand implements Runnable {
    @Spec private CommandSpec spec;

    private SourceCommand() {
        this.spec = CommandSpec.create();
    }

    static CommandLine of(Surroundings surroundings) {
        CommandLine commands =
                new CommandLine(new SourceCommand())
                        .addSubcommand(new SourceCreateCommand(surroundings))
                        .addSubcommand(new SourceListCommand(surroundings));
        for (SourceOneCommand.Kind kind : SourceOneCommand.Kind.values()) {
            CommandLine command = new CommandLine(new SourceOneCommand(surroundings, kind));
            command.getCommandSpec().usageMessage().description(kind.description());
            commands.addSubcommand(kind.word(), command);
        }
        return commands.addSubcommand(new SourceDeleteCommand(surroundings))
                .addSubcommand(new SourceResetCommand(surroundings));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: " + String.join(", ", spec.subcommands().keySet()));
    }
}
