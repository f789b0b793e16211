package io.millrace.it.prove.core;

import io.millrace.engine.model.RetryPolicy;
import io.millrace.it.harness.EngineProcess;
import io.millrace.it.prove.Check;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private final Draft parked = Draft.of("parked", 1).with(RetryPolicy.of(3, PARKED, PARKED));
    private final Draft counted =
            Draft.of("counted", 1)
                    .with(
                            RetryPolicy.of(
                                    ATTEMPTS, Duration.ofMillis(1_500), Duration.ofMillis(1_500)));

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        bed.deploy(List.of(parked, counted));
        bed.send(parked.topic(), 0, "warm", List.of("ok:warm"));
    }

    @Override
    public List<Check> judge(Bed bed) throws IOException, ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        long firstTried;
        try (EngineProcess first = bed.process("first")) {
            bed.awaitDecided(parked, 1);
            bed.send(parked.topic(), 0, "bad", List.of("fail:1"));
            bed.await(Duration.ofSeconds(10), () -> !bed.calls(parked, "fail").isEmpty());
            firstTried = bed.time().now().toEpochMilli();
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
            bed.send(counted.topic(), 0, "k", List.of("poison:1", "ok:behind"));
            bed.await(Duration.ofSeconds(20), () -> bed.attempts(counted.id()).size() >= 2);
            first.kill();
        }
        int before = bed.attempts(counted.id()).size();
        try (EngineProcess second = bed.process("second")) {
            bed.awaitDecided(parked, NEIGHBOURS + BEHIND + 2);
            bed.awaitDecided(counted, 2);
            bed.awaitMarks(counted);
            checks.add(
                    new Check("the node is ended by SIGTERM", "0", "" + second.terminate(), true));
        }
        Seen after = bed.look(parked);
        checks.addAll(ParkingChecks.deliveredInOrder(after, "bad", firstTried, PARKED));
        checks.add(FailureChecks.oneEndEach(after).during("parked over a kill -9"));
        checks.add(FailureChecks.attemptsCounted(after, 3).during("parked over a kill -9"));
        Seen count = bed.look(counted);
        checks.add(
                new Check(
                        "the node was killed between two attempts",
                        "1 to " + (ATTEMPTS - 1) + " attempts before",
                        Integer.toString(before),
                        before >= 1 && before < ATTEMPTS));
        checks.add(FailureChecks.attemptsCounted(count, ATTEMPTS).during("counted over a kill -9"));
        checks.add(
                FailureChecks.reasonsAreWhole(count, counted.id(), ATTEMPTS)
                        .during("counted over a kill -9"));
        checks.add(FailureChecks.oneEndEach(count).during("counted over a kill -9"));
        return checks;
    }
}
