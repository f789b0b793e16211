package io.millrace.it.prove.sources;

import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.Figure;
import io.millrace.it.prove.Proof;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Every source against its real server, with a Connect worker that is killed while it works. */
public final class SourcesProof implements Proof {
    private static final String QUICK = "--quick";

    private final List<SourceScenario> scenarios;

    /** With all scenarios there are. */
    public SourcesProof() {
        this(scenarios());
    }

    SourcesProof(List<SourceScenario> scenarios) {
        this.scenarios = List.copyOf(scenarios);
    }

    /** All there are. A new one is added here. */
    static List<SourceScenario> scenarios() {
        return List.of(
                new PluginScenario(),
                new ObjectStoreScenario(),
                new ObjectNotificationScenario(),
                new QueueScenario(
                        "sqs",
                        Optional::empty,
                        bed -> ElasticMqServer.start(bed.folder("server"), "orders"),
                        false),
                new QueueScenario(
                        "sqs-fifo",
                        Optional::empty,
                        bed -> ElasticMqServer.start(bed.folder("server"), "orders.fifo"),
                        true),
                new QueueScenario(
                        "jms",
                        Optional::empty,
                        bed -> ArtemisQueueServer.start(bed.folder("server")),
                        true),
                new QueueScenario(
                        "rabbitmq",
                        RabbitMqServer::obstacle,
                        bed -> RabbitMqServer.start(bed.folder("server")),
                        true),
                new QueueScenario(
                        "mqtt",
                        Optional::empty,
                        bed -> MqttServer.start(bed.folder("server")),
                        true));
    }

    @Override
    public String name() {
        return "sources";
    }

    @Override
    public String summary() {
        return "every source exactly once and in order, while its Connect worker is killed";
    }

    @Override
    public List<String> parts() {
        return scenarios.stream().map(SourceScenario::name).toList();
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(QUICK, "", "Fewer changes, for a look between two builds."));
    }

    @Override
    public ProofReport run(ProofOptions options)
            throws IOException, InterruptedException, ExecutionException {
        List<Check> checks = new ArrayList<>();
        List<Figure> figures = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (SourceScenario scenario : scenarios) {
            String name = scenario.name();
            if (!options.parts().isEmpty() && !options.parts().contains(name)) {
                continue;
            }
            Optional<String> obstacle = scenario.obstacle();
            if (obstacle.isPresent()) {
                notes.add(name + " did NOT run: " + obstacle.get());
                continue;
            }
            try (Scratch scratch = Scratch.make("prove-sources");
                    SourceBed bed = SourceBed.start(scratch, name, options.has(QUICK))) {
                bed.run(scenario);
                bed.checks().forEach(check -> checks.add(check.during(name)));
                bed.figures().stream()
                        .map(f -> new Figure(name + ": " + f.name(), f.value(), f.unit()))
                        .forEach(figures::add);
                bed.notes().forEach(note -> notes.add(name + ": " + note));
            }
        }
        return new ProofReport(checks, figures, notes);
    }
}
