package io.millrace.it.prove.core;

import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.ValueFormat;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.harness.TestCluster;
import io.millrace.it.prove.Check;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * A poisoned key parks, its node is killed with -9, and another node takes over. Meanwhile an event
 * that keeps failing is counted across the kill.
 */
public final class CrashScenario implements Scenario {
    private static final Duration PARKED = Duration.ofSeconds(16);
    private static final int BEHIND = 12;
    private static final int NEIGHBOURS = 60;
    private static final int ATTEMPTS = 6;
    private static final int LOOSE = 4_000;

    private final Draft parked = Draft.of("parked", 1).with(RetryPolicy.of(3, PARKED, PARKED));
    private final Draft counted =
            Draft.of("counted", 1)
                    .with(RetryPolicy.of(ATTEMPTS, Duration.ofSeconds(3), Duration.ofSeconds(3)));

    private final Draft loose = Draft.of("unsure", 3).with(Guarantee.AT_LEAST_ONCE);
    private final Draft once =
            Draft.of("once", 1)
                    .with(
                            Intake.from(StartingPosition.EARLIEST, ValueFormat.AUTO)
                                    .withDeduplication(
                                            new Intake.Deduplication(
                                                    "header:id", Duration.ofHours(1))));

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        bed.deploy(List.of(parked, counted, loose, once));
        bed.send(parked.topic(), 0, "warm", List.of("ok:warm"));
    }

    @Override
    public List<Check> judge(Bed bed) throws IOException, ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        long firstTried = untilTheKill(bed, checks);
        try (EngineProcess second = bed.process("second")) {
            bed.awaitDecided(parked, NEIGHBOURS + BEHIND + 2);
            bed.awaitDecided(counted, 2);
            bed.awaitMarks(counted);
            bed.awaitMarks(loose);
            sendOnce(bed, List.of("1", "3", "4", "4"));
            bed.awaitDecided(once, 4);
            bed.awaitMarks(once);
            checks.add(Check.equal("a node ends by itself on SIGTERM", 0, second.terminate()));
        }
        Seen after = bed.look(parked);
        checks.addAll(ParkingChecks.deliveredInOrder(after, "bad", firstTried, PARKED, "second"));
        checks.addAll(counted("parked over a kill -9", after, 3));
        Seen count = bed.look(counted);
        checks.addAll(counted("counted over a kill -9", count, ATTEMPTS));
        checks.add(
                FailureChecks.reasonsAreWhole(count, counted.id(), ATTEMPTS)
                        .during("counted over a kill -9"));
        checks.add(RestartChecks.nothingLost(bed.look(loose)));
        checks.add(
                RestartChecks.repeatsLeftOut(
                        bed.look(once), Set.of("ok:1", "ok:2", "ok:3", "ok:4")));
        return checks;
    }

    private static List<Check> counted(String when, Seen seen, int attempts) {
        return List.of(
                FailureChecks.oneEndEach(seen).during(when),
                FailureChecks.attemptsCounted(seen, attempts).during(when));
    }

    /** Gives the time of the first attempt of the event that is parked. */
    private long untilTheKill(Bed bed, List<Check> checks)
            throws IOException, ExecutionException, InterruptedException {
        try (EngineProcess first = bed.process("first")) {
            bed.awaitDecided(parked, 1);
            sendOnce(bed, List.of("1", "2", "1", "3", "2"));
            bed.awaitDecided(once, 3);
            bed.awaitMarks(once);
            bed.send(parked.topic(), 0, "bad", List.of("fail:1"));
            bed.await(Duration.ofSeconds(10), () -> !bed.calls(parked, "fail").isEmpty());
            long firstTried = bed.time().now().toEpochMilli();
            bed.send(counted.topic(), 0, "k", List.of("poison:1", "ok:behind"));
            bed.send(
                    parked.topic(),
                    0,
                    "bad",
                    IntStream.range(0, BEHIND).mapToObj(i -> "ok:behind " + i).toList());
            for (int i = 0; i < NEIGHBOURS; i++) {
                bed.send(parked.topic(), 0, "good-" + i % 7, List.of("ok:neighbour " + i));
            }
            bed.awaitDecided(parked, NEIGHBOURS + 1);
            bed.awaitMarks(parked);
            Seen during = bed.look(parked);
            checks.add(FailureChecks.offsetsFinished("while events are parked", during));
            checks.add(ParkingChecks.stillParked(during, "bad"));
            checks.add(ParkingChecks.neighboursGoOn(during, NEIGHBOURS, Duration.ofSeconds(1)));
            bed.cluster().send(looseEvents(LOOSE));
            bed.await(Duration.ofSeconds(20), () -> bed.attempts(counted.id()).size() >= 2);
            first.kill();
            checks.addAll(
                    RestartChecks.killedInTime(
                            bed.attempts(counted.id()).size(),
                            ATTEMPTS,
                            bed.lines(loose.trigger().destinations().results()).size(),
                            LOOSE));
            return firstTried;
        }
    }

    private List<ProducerRecord<byte[], byte[]>> looseEvents(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestCluster.event(loose.topic(), "k" + i % 50, "slow:" + i % 200))
                .toList();
    }

    /** Each id as a header, and in the value. */
    private void sendOnce(Bed bed, List<String> ids)
            throws ExecutionException, InterruptedException {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        for (String id : ids) {
            ProducerRecord<byte[], byte[]> one = TestCluster.event(once.topic(), "k", "ok:" + id);
            one.headers().add("id", id.getBytes(StandardCharsets.UTF_8));
            events.add(one);
        }
        bed.cluster().send(events);
    }
}
