package io.millrace.engine.cli;

import io.millrace.engine.deploy.SourceOperations;
import io.millrace.engine.deploy.SourceState;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows a source, pauses it, or lets it go on. */
@Command
final class SourceOneCommand implements Runnable {
    /** What to do. */
    enum Kind {
        STATUS("Shows the state of a source and its tasks."),
        PAUSE("Pauses a source; it keeps its place."),
        RESUME("Lets a source go on after a pause or a stop.");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    @Mixin private final ConnectOptions connect;
    @Mixin private final SourceName source = new SourceName();

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    @Option(names = "--offsets", description = "Show its place in the source, too, as JSON lines.")
    private boolean offsets;

    @Spec private CommandSpec spec;

    SourceOneCommand(Surroundings surroundings, Kind kind) {
        this.kind = kind;
        this.connect = new ConnectOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        String name = source.get();
        PrintWriter out = spec.commandLine().getOut();
        connect.run(operations -> {
            SourceState state = act(operations, name);
            Listing listing = SourceListCommand.listing();
            listing.add(SourceListCommand.row(state));
            listing.print(out, json);
            if (offsets) {
                operations.offsets(name).forEach(out::println);
            }
            if (kind != Kind.STATUS && state.summary().equals("FAILED")) {
                throw new MillraceException(
                        ErrorCode.FAILED, "source '" + name + "' failed: " + state.trouble());
            }
        });
    }

    private SourceState act(SourceOperations operations, String name) {
        return switch (kind) {
            case STATUS -> operations.state(name);
            case PAUSE -> operations.pause(name);
            case RESUME -> operations.resume(name);
        };
    }
}
