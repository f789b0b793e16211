package io.millrace.engine.cli;

import io.millrace.engine.deploy.SourceState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/** Removes a source. */
@Command(
        name = "delete",
        description = {
            "Removes a source.",
            "Its place is kept for one of the same name; 'reset' first forgets it."
        })
final class SourceDeleteCommand implements Runnable {
    @Mixin private final ConnectOptions connect;
    @Mixin private final SourceName source = new SourceName();
    @Mixin private final Confirmation confirmation = new Confirmation();
    @Spec private CommandSpec spec;

    SourceDeleteCommand(Surroundings surroundings) {
        this.connect = new ConnectOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        String name = source.get();
        boolean isMeant = confirmation.given("this removes source '" + name + "'");
        PrintWriter out = spec.commandLine().getOut();
        connect.run(operations -> {
            if (isMeant) {
                operations.delete(name);
                out.println("source " + name + " is removed");
            } else {
                SourceState state = operations.state(name);
                out.println(
                        "dry run, nothing was changed: source "
                                + name
                                + " is "
                                + state.summary()
                                + ", "
                                + state.running()
                                + " tasks run");
            }
        });
    }
}
