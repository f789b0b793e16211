package io.millrace.engine.cli;

import io.millrace.engine.deploy.ConnectClient;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.FunctionKey;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Removes functions, triggers and sources. */
@Command(
        name = "remove",
        description = {
            "Removes functions with all their triggers, single triggers, or sources.",
            "Topics, code and what is in them stay."
        })
final class RemoveCommand implements Runnable {
    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;

    @Parameters(arity = "0..*", paramLabel = "FUNCTION", description = "Name of a function.")
    private List<String> functions = new ArrayList<>();

    @Option(names = "--trigger", paramLabel = "ID", description = "Id of a trigger.")
    private List<String> triggers = new ArrayList<>();

    @Option(names = "--source", paramLabel = "NAME", description = "Name of a source.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--connect-url",
            paramLabel = "URL",
            description = "Kafka Connect's REST address.")
    private String connectUrl = "";

    @Spec private CommandSpec spec;

    RemoveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        if (functions.isEmpty() && triggers.isEmpty() && sources.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID, "nothing to remove; name a function, --trigger or --source");
        }
        PrintWriter out = spec.commandLine().getOut();
        // Sources first: nothing should write to a topic that nobody reads any more.
        removeSources(out);
        if (functions.isEmpty() && triggers.isEmpty()) {
            return;
        }
        try (SchemaRegistryClient schemas = options.schemas()) {
            RegistrySnapshot now = RegistryReader.read(options.cluster(), options.names(), schemas);
            Set<TriggerId> endedTriggers = new TreeSet<>(Comparator.comparing(TriggerId::value));
            Set<FunctionKey> endedFunctions =
                    new TreeSet<>(Comparator.comparing(FunctionKey::toString));
            triggers.forEach(id -> endedTriggers.add(trigger(id, now)));
            functions.forEach(name -> add(name, now, endedFunctions, endedTriggers));
            try (RegistryPublisher publisher =
                    new RegistryPublisher(
                            options.cluster(), options.names(), schemas, surroundings.time())) {
                publisher.remove(endedFunctions, endedTriggers);
            }
            endedTriggers.forEach(id -> out.println("removed trigger " + id));
            endedFunctions.forEach(key -> out.println("removed function " + key));
        }
    }

    private void removeSources(PrintWriter out) {
        if (sources.isEmpty()) {
            return;
        }
        String url = options.connectUrl(connectUrl);
        try (ConnectClient connect = new ConnectClient(url, surroundings.time())) {
            for (String source : sources) {
                if (!connect.delete(source)) {
                    throw new MillraceException(
                            ErrorCode.NOT_FOUND,
                            "Kafka Connect at '" + url + "' has no source '" + source + "'");
                }
                out.println("removed source " + source);
            }
        }
    }

    private static TriggerId trigger(String id, RegistrySnapshot now) {
        TriggerId trigger = new TriggerId(id);
        if (!now.triggers().containsKey(trigger)) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "trigger '" + id + "' does not exist; see: millrace triggers");
        }
        return trigger;
    }

    private static void add(
            String name,
            RegistrySnapshot now,
            Set<FunctionKey> endedFunctions,
            Set<TriggerId> endedTriggers) {
        FunctionName function = new FunctionName(name);
        List<FunctionKey> versions =
                now.functions().keySet().stream().filter(k -> k.name().equals(function)).toList();
        if (versions.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "function '" + name + "' does not exist; see: millrace functions");
        }
        endedFunctions.addAll(versions);
        now.triggers().values().stream()
                .filter(trigger -> trigger.function().equals(function))
                .map(Trigger::id)
                .forEach(endedTriggers::add);
    }
}
