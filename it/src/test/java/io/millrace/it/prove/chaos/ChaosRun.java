package io.millrace.it.prove.chaos;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.chaos.ChaosHistory.Handlers;
import io.millrace.it.prove.chaos.ChaosHistory.Probes;
import io.millrace.it.prove.chaos.ChaosHistory.Rest;
import io.millrace.it.prove.chaos.ChaosHistory.Run;
import io.millrace.it.prove.chaos.ChaosHistory.Sent;
import io.millrace.it.prove.chaos.ChaosHistory.Topics;

import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** One run: start, faults, rest, reading, judging. Threading: one thread. */
final class ChaosRun {
    private static final int PROBES = 100;
    private static final int NODES = 2;
    private static final int PAUSE_MILLIS = 1_500;
    private static final Duration LONG_PROFILE = Duration.ofMinutes(5);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);
    private static final Duration REST_LIMIT = Duration.ofSeconds(20);

    private final TimeSource time = new SystemTimeSource();
    private final PrintStream out = System.out;
    private final Scratch scratch;
    private final Duration duration;
    private final long seed;
    private final int longMillis;

    ChaosRun(Scratch scratch, Duration duration, long seed) {
        this.scratch = scratch;
        this.duration = duration;
        this.seed = seed;
        this.longMillis = duration.compareTo(LONG_PROFILE) < 0 ? 5_000 : 60_000;
    }

    ProofReport report() throws IOException, InterruptedException, ExecutionException {
        say("seed " + seed + " (repeat with --seed " + seed + ")");
        Workload quick = new Workload(ChaosCluster.EVENTS, "k", 80, 400, 200, true, seed);
        Workload slow =
                new Workload(ChaosCluster.LONG_EVENTS, "s", 8, 12, longMillis, false, seed + 1);
        List<TopicPartition> outcomes =
                new ArrayList<>(ChaosCluster.partitions(ChaosCluster.RESULTS));
        outcomes.addAll(ChaosCluster.partitions(ChaosCluster.DEAD_LETTERS));
        List<String> groups =
                List.of(
                        ChaosCluster.group(ChaosCluster.TRIGGER),
                        ChaosCluster.group(ChaosCluster.LONG_TRIGGER));
        try (ChaosCluster chaos = ChaosCluster.start(scratch, time);
                Spectator spectator =
                        new Spectator(chaos.cluster().consumer("spectator"), outcomes, time);
                Sampler sampler = new Sampler(chaos.admin(), groups, time);
                Generator events = generator(chaos, quick, spectator);
                Generator slowEvents = generator(chaos, slow, spectator)) {
            Random random = new Random(seed);
            FaultDriver driver = new FaultDriver(chaos, events, spectator, time, random, this::say);
            try {
                faults(chaos, driver, List.of(events, slowEvents), random);
            } catch (IOException | RuntimeException e) {
                keepLogs(chaos);
                throw e;
            }
            Probes probes = rest(events, slowEvents, spectator);
            ChaosHistory history =
                    look(chaos, driver, List.of(events, slowEvents), spectator, sampler, probes);
            List<Check> checks = ChaosChecks.of(history);
            if (checks.stream().anyMatch(check -> !check.passed())) {
                keepLogs(chaos);
            }
            return new ProofReport(checks, ChaosFigures.of(history));
        }
    }

    private void keepLogs(ChaosCluster chaos) throws IOException {
        chaos.complaints().forEach(this::say);
        say("logs are in " + chaos.keepLogs("prove-chaos-" + seed));
    }

    private static Generator generator(ChaosCluster chaos, Workload workload, Spectator spectator) {
        return new Generator(chaos.broker().bootstrapServers(), workload, spectator::decidedOf);
    }

    private void faults(
            ChaosCluster chaos, FaultDriver driver, List<Generator> generators, Random random)
            throws IOException, InterruptedException {
        for (int node = 0; node < NODES; node++) {
            driver.startNode();
        }
        generators.forEach(Generator::start);
        driver.awaitWork();
        say("nodes work: " + chaos.nodes().keySet());
        long end = time.nanos() + duration.toNanos();
        List<FaultKind> left = new ArrayList<>();
        while (time.nanos() < end) {
            if (left.isEmpty()) {
                left.addAll(List.of(FaultKind.values()));
                Collections.shuffle(left, random);
            }
            driver.pause(PAUSE_MILLIS);
            driver.inject(left.removeFirst());
        }
    }

    /** No more faults: everything is drained, then probes show that all is well. */
    private Probes rest(Generator events, Generator slowEvents, Spectator spectator)
            throws InterruptedException {
        events.stop();
        slowEvents.stop();
        Duration limit = Duration.ofMillis(60_000 + 3L * longMillis);
        long from = time.nanos();
        boolean drained = until(limit, () -> events.backlog() <= 0 && slowEvents.backlog() <= 0);
        say(
                String.format(
                        java.util.Locale.ROOT,
                        "%s after %.1f s",
                        drained ? "drained" : "not drained",
                        seconds(from)));
        long before = spectator.decidedOf(ChaosCluster.EVENTS);
        long probesFrom = time.nanos();
        events.probe(PROBES);
        boolean _ =
                until(
                        PROBE_LIMIT,
                        () -> spectator.decidedOf(ChaosCluster.EVENTS) >= before + PROBES);
        int succeeded = (int) (spectator.decidedOf(ChaosCluster.EVENTS) - before);
        return new Probes(PROBES, succeeded, Math.round(seconds(probesFrom) * 100) / 100.0);
    }

    private ChaosHistory look(
            ChaosCluster chaos,
            FaultDriver driver,
            List<Generator> generators,
            Spectator spectator,
            Sampler sampler,
            Probes probes)
            throws InterruptedException, ExecutionException {
        Notes notes = new Notes(chaos.notes());
        boolean _ = until(REST_LIMIT, () -> open(chaos, notes) == 0);
        int open = open(chaos, notes);
        ChaosReader reader = new ChaosReader(chaos);
        boolean _ = until(REST_LIMIT, () -> reader.ends().stream().allMatch(ChaosRun::isAtRest));
        List<String> exits = new ArrayList<>(driver.exits());
        for (var node : chaos.nodes().entrySet()) {
            if (!node.getValue().isAlive()) {
                exits.add(node.getKey() + " was gone");
            }
        }
        for (EngineProcess node : chaos.nodes().values()) {
            int code = node.terminate();
            if (code != 0) {
                exits.add("a node ended with " + code);
            }
        }
        List<Sent> sent =
                generators.stream().flatMap(generator -> generator.history().stream()).toList();
        ChaosReader.Parking parking = reader.parking();
        Rest rest = new Rest(reader.ends(), parking.live(), probes, exits);
        return new ChaosHistory(
                sent,
                reader.source(),
                new Topics(reader.outcomes(), reader.attempts(), spectator.seen(), parking.once()),
                new Handlers(notes.runs(), chaos.births(), open),
                driver.faults(),
                sampler.samples(),
                rest);
    }

    private static boolean isAtRest(ChaosHistory.End end) {
        return end.stable() == end.end()
                && (end.committed() < 0
                        || (end.committed() == end.end() && !end.metadata().contains("|")));
    }

    private static int open(ChaosCluster chaos, Notes notes) {
        var alive =
                chaos.nodes().values().stream().map(EngineProcess::pid).collect(Collectors.toSet());
        return (int)
                notes.runs().stream()
                        .filter((Run run) -> run.end() == 0 && alive.contains(run.pid()))
                        .count();
    }

    private static boolean until(Duration limit, Callable<Boolean> condition) {
        try {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(limit)
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException _) {
            return false;
        }
    }

    private double seconds(long from) {
        return (time.nanos() - from) / 1e9;
    }

    private void say(String line) {
        out.println(line);
    }
}
