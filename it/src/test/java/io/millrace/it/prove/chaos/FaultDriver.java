package io.millrace.it.prove.chaos;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;

import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does something to a process, sees whether it hit work, and waits until work goes on. Threading:
 * one thread.
 */
final class FaultDriver {
    private static final Duration POLL = Duration.ofMillis(10);

    /** Longer than the session of a node, so that it is replaced meanwhile. */
    private static final Duration STANDSTILL = Duration.ofSeconds(13);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WORK = Duration.ofSeconds(20);

    private final ChaosCluster chaos;
    private final Generator generator;
    private final Spectator spectator;
    private final Notes notes;
    private final TimeSource time;
    private final Random random;
    private final Consumer<String> log;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> exits = new ArrayList<>();
    private int started;

    FaultDriver(
            ChaosCluster chaos,
            Generator generator,
            Spectator spectator,
            TimeSource time,
            Random random,
            Consumer<String> log) {
        this.chaos = chaos;
        this.generator = generator;
        this.spectator = spectator;
        this.notes = new Notes(chaos.notes());
        this.time = time;
        this.random = random;
        this.log = log;
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    /** Processes that were told to end and did so otherwise than asked. */
    List<String> exits() {
        return List.copyOf(exits);
    }

    /** Starts a node that was not there before. */
    void startNode() throws IOException {
        var _ = chaos.startNode("node-" + ++started);
    }

    /** Waits until events have outcomes. */
    void awaitWork() throws InterruptedException {
        if (!until(PATIENCE, () -> spectator.decidedOf(ChaosCluster.EVENTS) > 0)) {
            throw new IllegalStateException("the nodes do not work within " + PATIENCE);
        }
    }

    /** A time as the seed wants it. */
    void pause(int maxMillis) throws InterruptedException {
        var _ = new CountDownLatch(1).await(random.nextInt(maxMillis), TimeUnit.MILLISECONDS);
    }

    void inject(FaultKind kind) throws IOException, InterruptedException {
        switch (kind) {
            case KILL_RESTART -> killAndRestart();
            case KILL_TAKEOVER -> killAndTakeOver();
            case ZOMBIE -> standStill();
            case TERM_RESTART -> endAndRestart();
            case TERM_TAKEOVER -> endAndTakeOver();
            case RESCALE -> rescale();
            case BROKER_KILL -> killBroker();
        }
    }

    /** What is going to be hit, and what it does at this moment. */
    private record Hit(
            FaultKind kind, String target, Set<String> partitions, int inFlight, long backlog) {}

    private Hit aim(FaultKind kind) throws InterruptedException {
        List<String> names = new ArrayList<>(chaos.nodes().keySet());
        String node = names.get(random.nextInt(names.size()));
        EngineProcess process = chaos.node(node);
        Set<String> owned = new TreeSet<>();
        // A node that has just come back may not have got its partitions yet.
        var _ =
                until(
                        WORK,
                        () -> {
                            owned.clear();
                            owned.addAll(chaos.owned(ChaosCluster.TRIGGER, node));
                            return !owned.isEmpty()
                                    && notes.running(process.pid()) > 0
                                    && generator.backlog() > 0;
                        });
        return new Hit(kind, node, owned, notes.running(process.pid()), generator.backlog());
    }

    private void killAndRestart() throws IOException, InterruptedException {
        Hit hit = aim(FaultKind.KILL_RESTART);
        Instant moment = time.now();
        long from = time.nanos();
        node(hit).kill();
        spectator.watch(moment);
        var _ = chaos.startNode(hit.target());
        record(hit, from, recovered(hit, from));
    }

    private void killAndTakeOver() throws IOException, InterruptedException {
        ensureTwo();
        Hit hit = aim(FaultKind.KILL_TAKEOVER);
        Instant moment = time.now();
        long from = time.nanos();
        node(hit).kill();
        chaos.nodes().remove(hit.target());
        spectator.watch(moment);
        record(hit, from, recovered(hit, from));
        var _ = chaos.startNode(hit.target());
    }

    private void standStill() throws IOException, InterruptedException {
        ensureTwo();
        Hit hit = aim(FaultKind.ZOMBIE);
        Instant moment = time.now();
        long from = time.nanos();
        EngineProcess process = node(hit);
        process.pause();
        spectator.watch(moment);
        try {
            double recovery = recovered(hit, from);
            long left = STANDSTILL.toNanos() - (time.nanos() - from);
            var _ = new CountDownLatch(1).await(Math.max(0, left), TimeUnit.NANOSECONDS);
            record(hit, from, recovery);
        } finally {
            process.resume();
        }
    }

    private void endAndRestart() throws IOException, InterruptedException {
        Hit hit = aim(FaultKind.TERM_RESTART);
        end(hit);
        long from = watchFromTheLastOutcome(hit);
        var _ = chaos.startNode(hit.target());
        record(hit, from, recovered(hit, from));
    }

    private void endAndTakeOver() throws IOException, InterruptedException {
        ensureTwo();
        Hit hit = aim(FaultKind.TERM_TAKEOVER);
        end(hit);
        long from = watchFromTheLastOutcome(hit);
        record(hit, from, recovered(hit, from));
        var _ = chaos.startNode(hit.target());
    }

    private void rescale() throws IOException, InterruptedException {
        Hit hit = aim(FaultKind.RESCALE);
        if (chaos.nodes().size() > 2) {
            end(hit);
            long from = watchFromTheLastOutcome(hit);
            record(hit, from, recovered(hit, from));
        } else {
            startNode();
            String name = "node-" + started;
            var _ = until(PATIENCE, () -> !chaos.owned(ChaosCluster.TRIGGER, name).isEmpty());
            long from = time.nanos();
            spectator.watch(time.now());
            record(hit, from, recovered(hit, from));
        }
    }

    /** Output goes on while a node comes to its end: the gap begins with its last outcome. */
    private long watchFromTheLastOutcome(Hit hit) {
        spectator.watch(time.now());
        long now = time.nanos();
        return hit.partitions().stream()
                .mapToLong(partition -> spectator.lastOf(partition, now))
                .min()
                .orElse(now);
    }

    private void killBroker() throws InterruptedException {
        Hit aimed = aim(FaultKind.BROKER_KILL);
        Set<String> all = new TreeSet<>();
        ChaosCluster.partitions(ChaosCluster.EVENTS)
                .forEach(partition -> all.add(partition.toString()));
        Hit hit = new Hit(aimed.kind(), "broker", all, aimed.inFlight(), aimed.backlog());
        Instant moment = time.now();
        chaos.broker().kill();
        spectator.watch(moment);
        chaos.broker().restart();
        long from = time.nanos();
        record(hit, from, recovered(hit, from));
    }

    /** A node has to be there to take over. */
    private void ensureTwo() throws IOException, InterruptedException {
        if (chaos.nodes().size() < 2) {
            startNode();
        }
        var _ =
                until(
                        PATIENCE,
                        () -> {
                            int owners = 0;
                            for (String node : chaos.nodes().keySet()) {
                                owners += chaos.owned(ChaosCluster.TRIGGER, node).isEmpty() ? 0 : 1;
                            }
                            return owners >= 2;
                        });
    }

    private EngineProcess node(Hit hit) {
        return chaos.node(hit.target());
    }

    private void end(Hit hit) throws InterruptedException {
        int code = node(hit).terminate();
        chaos.nodes().remove(hit.target());
        if (code != 0) {
            exits.add(hit.target() + " ended with " + code);
        }
    }

    /** Seconds until every partition that was hit and has work gave a new outcome. */
    private double recovered(Hit hit, long from) throws InterruptedException {
        Map<String, Long> acknowledged = generator.acknowledged();
        List<String> waiting =
                hit.partitions().stream()
                        .filter(partition ->
                                acknowledged.getOrDefault(partition, 0L)
                                        > spectator.decided(partition))
                        .toList();
        if (waiting.isEmpty()) {
            return -1;
        }
        var _ =
                until(
                        PATIENCE,
                        () ->
                                waiting.stream()
                                        .allMatch(partition ->
                                                spectator.firstOf(partition).isPresent()));
        long last = from;
        for (String partition : waiting) {
            OptionalLong first = spectator.firstOf(partition);
            last = Math.max(last, first.orElse(from + PATIENCE.toNanos()));
        }
        return (last - from) / 1e9;
    }

    private void record(Hit hit, long from, double recovery) {
        Fault fault =
                new Fault(
                        hit.kind().name(),
                        hit.target(),
                        hit.inFlight(),
                        hit.backlog(),
                        recovery,
                        hit.kind().goal());
        faults.add(fault);
        log.accept(
                String.format(
                        java.util.Locale.ROOT,
                        "%-13s %-7s %3d in flight, backlog %4d, partitions %s: work goes on after"
                                + " %.2f s, done after %.1f s%s",
                        fault.kind(),
                        fault.target(),
                        fault.inFlight(),
                        fault.backlog(),
                        hit.partitions().stream()
                                .map(partition -> partition.substring(partition.length() - 1))
                                .toList(),
                        recovery,
                        (time.nanos() - from) / 1e9,
                        fault.counts() ? "" : " (not counted: hit no work)"));
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static boolean until(Duration limit, Condition condition) throws InterruptedException {
        try {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(limit)
                    .until(condition::holds);
            return true;
        } catch (ConditionTimeoutException _) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return false;
        }
    }
}
