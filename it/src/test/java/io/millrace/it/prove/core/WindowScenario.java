package io.millrace.it.prove.core;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.FunctionDeployment;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.prove.Check;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Tumbling windows: sums over kills, final results, and a final invocation that fails for good. */
public final class WindowScenario implements Scenario {
    private static final Duration SIZE = Duration.ofSeconds(10);
    private static final Duration AGO = Duration.ofHours(1);
    private static final int PARTITIONS = 3;
    private static final int WINDOWS = 40;
    private static final int PER_WINDOW = 25;
    private static final int KILLS = 2;
    private static final int ATTEMPTS = 2;

    /** Fails for some events the first time, and for a sum of 13 at the end. */
    private static final String SUMS =
            """
            import io.millrace.functions.*;
            import java.util.*;
            import java.util.concurrent.*;
            public class Sums implements BatchHandler<String, String> {
                public record Sum(int count, long total) {}
                public BatchResult<String> handle(List<String> events, Context context) throws Exception {
                    Window window = context.window().orElseThrow();
                    Sum sum = window.state(Sum.class);
                    if (window.isFinal()) {
                        if (sum.total() == 13) throw new IllegalStateException("unlucky");
                        return BatchResult.of(List.of(window.start().toEpochMilli() + ":" + sum.count() + ":" + sum.total()));
                    }
                    var _ = new CountDownLatch(1).await(15, TimeUnit.MILLISECONDS);
                    if (context.attempt() == 1 && events.contains("7")) throw new IllegalStateException("the first time");
                    long total = sum.total();
                    for (String event : events) total += Long.parseLong(event);
                    return BatchResult.<String>allSucceeded().withState(new Sum(sum.count() + events.size(), total));
                }
            }
            """;

    private final Draft sums = draft("sums", PARTITIONS, WindowPolicy.of(SIZE));
    private final Draft unlucky =
            draft("unlucky", 1, new WindowPolicy(SIZE, Duration.ofSeconds(1))).withNotices();

    private static Draft draft(String id, int partitions, WindowPolicy windows) {
        return Draft.of(id, partitions)
                .with(LanePolicy.BY_PARTITION)
                .with(BatchPolicy.of(10).withTumbling(windows))
                .with(RetryPolicy.of(ATTEMPTS, Duration.ofMillis(20), Duration.ofMillis(20)));
    }

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        Path jar = FunctionJar.of(bed.folder(), "Sums", SUMS);
        var deployment =
                new FunctionDeployment(bed.cluster().cluster(), bed.cluster().registryUrl());
        for (Draft draft : List.of(sums, unlucky)) {
            deployment.publish(
                    draft.trigger(), draft.partitions(), jar, "Sums", draft.timeout(), Map.of());
        }
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        // Not long ago, or the broker deletes them for their age.
        long millis = bed.time().now().minus(AGO).toEpochMilli();
        Instant begin = Instant.ofEpochMilli(millis - millis % SIZE.toMillis());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int i = 0; i < WINDOWS * PER_WINDOW; i++) {
                long late = i % 20 == 19 ? SIZE.toMillis() : 0;
                Instant time = begin.plus(SIZE.multipliedBy(i).dividedBy(PER_WINDOW));
                String value = i % 97 == 0 ? "7" : Integer.toString(100 + i % 5);
                events.add(event(sums, partition, time.minusMillis(late), value));
            }
        }
        events.add(event(unlucky, 0, begin, "6"));
        events.add(event(unlucky, 0, begin.plusSeconds(1), "7"));
        events.add(event(unlucky, 0, begin.plus(SIZE), "1"));
        bed.cluster().send(events);
    }

    private static ProducerRecord<byte[], byte[]> event(
            Draft draft, int partition, Instant time, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(draft.topic(), partition, time.toEpochMilli(), null, bytes);
    }

    @Override
    public List<Check> judge(Bed bed) throws IOException, ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        int all = PARTITIONS * WINDOWS;
        for (int kill = 1; kill <= KILLS; kill++) {
            int enough = kill * all / (KILLS + 4);
            try (EngineProcess node = bed.process("one")) {
                bed.await(Duration.ofSeconds(60), () -> results(bed) >= enough);
                node.kill();
            }
            checks.add(WindowChecks.killedBetween(kill, results(bed), all));
        }
        try (EngineProcess _ = bed.process("one")) {
            bed.awaitDecided(sums, all);
            bed.awaitMarks(sums);
            bed.awaitDecided(unlucky, 2);
            Seen seen = bed.look(sums);
            checks.addAll(WindowChecks.sums(seen, SIZE));
            checks.add(FailureChecks.offsetsFinished("with tumbling windows", seen));
            checks.addAll(WindowChecks.givenUp(bed.look(unlucky), ATTEMPTS));
        }
        return checks;
    }

    private int results(Bed bed) {
        return bed.cluster().read(sums.trigger().destinations().results()).size();
    }
}
