package io.millrace.it.prove.sources;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.dev.Installation;
import io.millrace.it.harness.BrokerProcess;
import io.millrace.it.harness.Scratch;
import io.millrace.it.harness.TestCluster;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.Figure;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What a scenario works with: a broker in a process of its own, a schema registry, Connect workers,
 * readers, a folder, and a place for what it finds. Everything it gave is closed with it, the
 * newest first. Threading: one thread.
 */
public final class SourceBed implements AutoCloseable {
    private static final int CHANGES = 10_000;
    private static final int QUICK_CHANGES = 1_000;

    private final Scratch scratch;
    private final String name;
    private final boolean isQuick;
    private final BrokerProcess broker;
    private final TestCluster cluster;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<ConnectWorker> workers = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private SourceBed(Scratch scratch, String name, boolean isQuick, BrokerProcess broker) {
        this.scratch = scratch;
        this.name = name;
        this.isQuick = isQuick;
        this.broker = broker;
        this.cluster = TestCluster.over(scratch.folder(), broker.bootstrapServers());
    }

    /** Starts a broker and a registry; no worker yet. */
    public static SourceBed start(Scratch scratch, String name, boolean isQuick) {
        BrokerProcess broker =
                BrokerProcess.start(scratch.folder().resolve("kafka"), scratch.folder("output"));
        try {
            return new SourceBed(scratch, name, isQuick, broker);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** Runs a scenario; what it throws is a check that failed, and the workers' logs are kept. */
    void run(SourceScenario scenario) throws InterruptedException {
        try {
            scenario.run(this);
        } catch (InterruptedException e) {
            throw e;
        } catch (IOException | ExecutionException | RuntimeException | AssertionError e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            check(new Check("it ran to its end", "its end", trace.toString(), false));
        }
        if (checks.stream().anyMatch(check -> !check.passed())) {
            keepLogs();
        }
    }

    /** Whether a short form was asked for. */
    public boolean isQuick() {
        return isQuick;
    }

    /** How many changes to make: 10,000, or 1,000 in the short form. */
    public int changes() {
        return isQuick ? QUICK_CHANGES : CHANGES;
    }

    /** A new folder for the scenario's files, gone at the end. */
    public Path folder(String folder) {
        return scratch.folder(folder);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public String registryUrl() {
        return cluster.registryUrl();
    }

    public Cluster cluster() {
        return cluster.cluster();
    }

    public BrokerProcess broker() {
        return broker;
    }

    /** Makes a topic of its own settings, for example {@code max.message.bytes}. */
    public void createTopic(String topic, int partitions, Map<String, String> settings)
            throws InterruptedException, ExecutionException {
        try (Admin admin = cluster().admin("prove-admin")) {
            admin.createTopics(
                            List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    /** Starts a worker with the plugin folder as the build made it. */
    public ConnectWorker startWorker(String worker) {
        return startWorker(
                worker,
                Installation.find().home().resolve("connectors/target/plugin"),
                Map.of("value.converter.schema.registry.url", registryUrl()));
    }

    /**
     * Starts a worker; all of a bed are one Connect cluster.
     *
     * @param plugins for its {@code plugin.path}
     * @param settings beside or instead of those of {@link ConnectWorker}
     */
    public ConnectWorker startWorker(String worker, Path plugins, Map<String, String> settings) {
        ConnectWorker started =
                ConnectWorker.start(
                        scratch.folder("output"), worker, bootstrapServers(), plugins, settings);
        workers.add(started);
        return closing(started);
    }

    /** A reader of committed records from the start of the topic, which must be there. */
    public TopicReader reader(String topic) {
        return closing(TopicReader.open(cluster(), registryUrl(), topic));
    }

    /** Closes it at the end, before what was there earlier. */
    public <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    public void check(Check check) {
        checks.add(check);
    }

    public void checkAll(List<Check> found) {
        checks.addAll(found);
    }

    public void figure(String what, double value, String unit) {
        figures.add(new Figure(what, value, unit));
    }

    /** What people must know beside checks and figures, for example what did not run and why. */
    public void note(String note) {
        notes.add(note);
    }

    /** What was found so far. */
    public List<Check> checks() {
        return List.copyOf(checks);
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                note("closing failed: " + e);
            }
        }
        cluster.close();
        broker.close();
    }

    private void keepLogs() {
        Path kept = Installation.find().home().resolve("it/target/prove-sources-" + name + ".log");
        List<String> lines = new ArrayList<>();
        workers.forEach(worker -> lines.addAll(worker.log()));
        try {
            Files.createDirectories(Installation.find().home().resolve("it/target"));
            Files.write(kept, lines);
            note("the workers' logs are in '" + kept + "'");
        } catch (IOException e) {
            note("the workers' logs cannot be kept: " + e);
        }
    }
}
