package io.millrace.engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;

/** Has a source forget its place. */
@Command(
        name = "reset",
        description = {
            "Has a source forget its place: what it has told of becomes events again.",
            "It is stopped, its offsets are deleted, and it goes on if it ran."
        })
final class SourceResetCommand implements Runnable {
    @Mixin private final ConnectOptions connect;
    @Mixin private final SourceName source = new SourceName();
    @Mixin private final Confirmation confirmation = new Confirmation();
    @Spec private CommandSpec spec;

    SourceResetCommand(Surroundings surroundings) {
        this.connect = new ConnectOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        String name = source.get();
        boolean isMeant =
                confirmation.given("this has source '" + name + "' forget what it has told of");
        PrintWriter out = spec.commandLine().getOut();
        connect.run(operations -> {
            operations.state(name);
            List<String> offsets = operations.offsets(name);
            if (isMeant) {
                operations.reset(name);
                out.println("source " + name + " has forgotten " + offsets.size() + " offsets");
            } else {
                offsets.forEach(out::println);
                out.println(
                        "dry run, nothing was changed: source "
                                + name
                                + " would forget "
                                + offsets.size()
                                + " offsets");
            }
        });
    }
}
