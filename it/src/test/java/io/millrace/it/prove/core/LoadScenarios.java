package io.millrace.it.prove.core;

import io.millrace.engine.app.Engine;
import io.millrace.engine.cli.Millrace;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.it.harness.TestCluster;
import io.millrace.it.prove.Check;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** What a trigger takes of a function's capacity: circuit breaker, rate, concurrency. */
public final class LoadScenarios implements Scenario {
    private static final Duration DOWN = Duration.ofSeconds(4);
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final int EVENTS = 60;
    private static final double RATE = 50;
    private static final int PARALLEL = 6;
    private static final String DOWN_FILE = "down";

    private Draft broken =
            Draft.of("broken", 2)
                    .with(RetryPolicy.of(2, Duration.ofMillis(800), Duration.ofSeconds(1)))
                    .with(LoadPolicy.of(20).withBreaker(new LoadPolicy.Breaker(4, 75, PAUSE)));
    private final Draft paced = Draft.of("paced", 2).with(LoadPolicy.of(50).withRate(RATE));
    private final Draft capped = Draft.of("capped", 4).with(LoadPolicy.of(PARALLEL));
    private final Draft loose = Draft.of("loose", 3).with(Guarantee.AT_LEAST_ONCE);

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        Path down = Files.createFile(bed.file(DOWN_FILE));
        broken = broken.with(Functions.DOWN, down.toString());
        bed.deploy(List.of(broken, paced, capped, loose));
        bed.cluster().send(events(broken, EVENTS, 15, "ok:"));
        bed.cluster().send(events(paced, 500, 500, "ok:"));
        bed.cluster().send(events(loose, 500, 50, "ok:"));
    }

    private static List<ProducerRecord<byte[], byte[]>> events(
            Draft draft, int count, int keys, String verb) {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(TestCluster.event(draft.topic(), "k" + i % keys, verb + i));
        }
        return events;
    }

    @Override
    public List<Check> judge(Bed bed) throws ExecutionException, IOException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        bed.await(Duration.ofSeconds(30), () -> !bed.calls(broken).isEmpty());
        long until = System.nanoTime() + DOWN.toNanos();
        bed.await(DOWN.multipliedBy(2), () -> System.nanoTime() >= until);
        int whileDown = bed.calls(broken).size();
        Files.delete(bed.file(DOWN_FILE));
        bed.awaitDecided(broken, EVENTS);
        bed.awaitMarks(broken);
        checks.addAll(
                LoadChecks.outageSurvived(
                        bed.look(broken),
                        whileDown,
                        Math.toIntExact(20 + 2 * (DOWN.dividedBy(PAUSE) + 3))));
        bed.awaitDecided(loose, 500);
        bed.awaitMarks(loose);
        Seen free = bed.look(loose);
        checks.add(FailureChecks.oneEndEach(free).during("at least once, undisturbed"));
        checks.add(BatchChecks.orderKept("key", free, true).during("at least once"));
        bed.awaitDecided(paced, 500);
        checks.add(LoadChecks.rateKept(bed.look(paced), RATE, Duration.ofSeconds(5), 0.2));
        try (Engine _ = bed.engine("second-node")) {
            bed.await(Duration.ofSeconds(30), () -> bed.members(capped) == 2);
            bed.cluster().send(events(capped, 300, 100, "slow:60:"));
            bed.awaitDecided(capped, 300);
            Seen seen = bed.look(capped);
            checks.addAll(LoadChecks.capKept(seen, PARALLEL));
            checks.add(FailureChecks.oneEndEach(seen).during("over two nodes"));
        }
        checks.add(metering(bed));
        return checks;
    }

    private static Check metering(Bed bed) {
        StringWriter out = new StringWriter();
        int code =
                Millrace.run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "metering",
                        "--bootstrap-servers",
                        bed.cluster().bootstrapServers(),
                        "--schema-registry-url",
                        bed.cluster().registryUrl());
        List<String> lines = out.toString().lines().toList();
        var totals = bed.totals();
        return code == 0
                ? MeteringChecks.agrees(totals.attempts(), totals.billedMillis(), lines)
                : Check.none("millrace metering ends well", "exit code 0", lines);
    }
}
