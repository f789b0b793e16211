package io.millrace.it.prove.core;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.it.harness.TestCluster;
import io.millrace.it.prove.Check;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Batches, lanes and order. */
public final class BatchingScenarios implements Scenario {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration SLACK = Duration.ofMillis(1_500);
    private static final int MANY_KEYS = 1_500;
    private static final int ROUNDS = 3;
    private static final int SIDE_BY_SIDE = 40;
    private static final int ATTEMPTS = 3;

    private final Draft gathered =
            Draft.of("gathered", 1)
                    .with(LanePolicy.BY_PARTITION)
                    .with(BatchPolicy.of(10).withWindow(WINDOW));
    private final Draft apart =
            Draft.of("apart", 1).with(BatchPolicy.of(50).withWindow(Duration.ofMillis(500)));
    private final Draft heavy =
            Draft.of("heavy", 1)
                    .with(LanePolicy.BY_PARTITION)
                    .with(BatchPolicy.of(100).withWindow(WINDOW));
    private final Draft unordered =
            Draft.of("unordered", 1)
                    .with(LanePolicy.UNORDERED)
                    .with(RetryPolicy.of(ATTEMPTS, Duration.ofMillis(50), Duration.ofMillis(100)));
    private final Draft keys = Draft.of("keys", 2).with(LoadPolicy.of(SIDE_BY_SIDE));
    private final Draft strict = Draft.of("strict", 2).with(LanePolicy.BY_PARTITION);

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        bed.deploy(List.of(gathered, apart, heavy, unordered, keys, strict));
        bed.send(gathered.topic(), 0, "k", numbers("ok:", 20));
        List<ProducerRecord<byte[], byte[]>> mixed = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            mixed.add(TestCluster.event(apart.topic(), "k" + i % 4, "ok:" + i));
        }
        bed.cluster().send(mixed);
        bed.send(heavy.topic(), 0, "k", Collections.nCopies(5, "x".repeat(2_500_000)));
        List<String> values = new ArrayList<>(List.of("slow:4000"));
        values.addAll(numbers("ok:", 50));
        values.addAll(List.of("fail:1:a", "fail:2:a", "poison:1"));
        bed.send(unordered.topic(), 0, "one key", values);
        List<ProducerRecord<byte[], byte[]>> many = new ArrayList<>();
        for (int i = 0; i < MANY_KEYS * ROUNDS; i++) {
            String value = "slow:" + i * 7 % 23 + ":" + i;
            many.add(TestCluster.event(keys.topic(), "key-" + i % MANY_KEYS, value));
        }
        bed.cluster().send(many);
        for (int partition = 0; partition < 2; partition++) {
            bed.send(
                    strict.topic(),
                    partition,
                    "p" + partition,
                    IntStream.range(0, 40).mapToObj(i -> "slow:" + i % 5 + ":" + i).toList());
        }
    }

    private static List<String> numbers(String verb, int count) {
        return IntStream.range(0, count).mapToObj(i -> verb + i).toList();
    }

    @Override
    public List<Check> judge(Bed bed) throws ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        bed.awaitDecided(gathered, 20);
        bed.send(gathered.topic(), 0, "k", numbers("ok:late", 3));
        long sent = System.nanoTime();
        bed.awaitDecided(gathered, 23);
        checks.addAll(
                BatchChecks.windows(bed.look(gathered), List.of(10, 10, 3), sent, WINDOW, SLACK));
        bed.awaitDecided(apart, 60);
        checks.add(BatchChecks.lanesApart(bed.look(apart)));
        bed.awaitDecided(heavy, 5);
        checks.addAll(
                BatchChecks.bytes(
                        bed.look(heavy), BatchPolicy.MAX_PAYLOAD_BYTES, List.of(2, 2, 1)));
        bed.awaitDecided(unordered, 54);
        Seen queue = bed.look(unordered);
        checks.add(BatchChecks.noneWaits(queue, "slow"));
        checks.add(BatchChecks.onlyFailedAgain(queue, ATTEMPTS));
        checks.add(FailureChecks.oneEndEach(queue).during("unordered"));
        checks.add(FailureChecks.attemptsCounted(queue, ATTEMPTS).during("unordered"));
        bed.awaitDecided(keys, MANY_KEYS * ROUNDS);
        bed.awaitMarks(keys);
        Seen many = bed.look(keys);
        checks.add(BatchChecks.orderKept("key", many, true));
        checks.add(
                BatchChecks.sideBySide(
                        "keys of two partitions run side by side, within the maximum",
                        many,
                        SIDE_BY_SIDE / 2,
                        SIDE_BY_SIDE));
        checks.add(FailureChecks.offsetsFinished("with a lane per key", many));
        checks.addAll(MeteringChecks.packed(many, bed.meteringRecords(keys.id())));
        bed.awaitDecided(strict, 80);
        Seen rows = bed.look(strict);
        checks.add(BatchChecks.orderKept("partition", rows, false));
        checks.add(
                BatchChecks.sideBySide(
                        "one invocation per partition where its order is kept", rows, 1, 2));
        return checks;
    }
}
