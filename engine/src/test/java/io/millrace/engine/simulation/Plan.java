package io.millrace.engine.simulation;

import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.engine.time.ManualTimeSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a seed decides before the first step: the events of each partition, and the settings.
 *
 * @param log per partition its events in offset order; what lies between does not exist
 */
record Plan(
        Map<PartitionId, List<RawEvent>> log,
        LanePolicy lanes,
        BatchPolicy batch,
        RetryPolicy retry,
        ParkingLimits parking,
        Optional<LoadPolicy.Breaker> breaker,
        int failuresPerMille,
        int filteredPerMille,
        int crashesPerMille,
        Mutant mutant) {

    static Plan of(SplittableRandom random, Mutant mutant) {
        var log = new LinkedHashMap<PartitionId, List<RawEvent>>();
        int partitions = random.nextInt(1, 3);
        int keys = random.nextInt(1, 5);
        boolean windowed = random.nextInt(5) == 0;
        for (int partition = 0; partition < partitions; partition++) {
            List<RawEvent> events = events(random, partition, keys);
            log.put(
                    new PartitionId("orders", partition),
                    windowed ? inWindows(random, events) : events);
        }
        LanePolicy lanes = windowed ? LanePolicy.BY_PARTITION : lanes(random);
        return new Plan(
                log,
                lanes,
                windowed ? windows(random, batch(random, lanes)) : batch(random, lanes),
                retry(random),
                parking(random),
                random.nextInt(5) == 0
                        ? Optional.of(
                                new LoadPolicy.Breaker(
                                        random.nextInt(2, 5), 50, Duration.ofMillis(50)))
                        : Optional.empty(),
                random.nextInt(3) == 0 ? 0 : random.nextInt(400),
                random.nextInt(3) == 0 ? random.nextInt(500) : 0,
                random.nextInt(3) == 0 ? 0 : random.nextInt(200),
                mutant);
    }

    private static LanePolicy lanes(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> LanePolicy.BY_PARTITION;
            case 1 -> LanePolicy.byKey(2);
            case 2 -> LanePolicy.byKey(LanePolicy.LANE_PER_KEY);
            case 3 -> LanePolicy.UNORDERED;
            default -> LanePolicy.byKey(64);
        };
    }

    private static BatchPolicy batch(SplittableRandom random, LanePolicy lanes) {
        BatchPolicy batch = BatchPolicy.of(random.nextInt(2) == 0 ? random.nextInt(2, 6) : 1);
        if (!lanes.isOrdered() || random.nextInt(4) == 0) {
            batch = batch.withAnswer(PartialAnswer.ITEMS);
        }
        return random.nextInt(4) == 0
                ? batch.withWindow(Duration.ofMillis(random.nextInt(1, 50)))
                : batch;
    }

    private static BatchPolicy windows(SplittableRandom random, BatchPolicy batch) {
        return batch.withTumbling(
                new WindowPolicy(
                        Duration.ofSeconds(1), Duration.ofMillis(random.nextInt(2) * 500L)));
    }

    /** In time, mostly; some come late, and some windows stay empty. */
    private static List<RawEvent> inWindows(SplittableRandom random, List<RawEvent> events) {
        var timed = new ArrayList<RawEvent>(events.size());
        long time = new ManualTimeSource().now().toEpochMilli() - random.nextInt(2) * 5_000L;
        for (RawEvent event : events) {
            time += random.nextInt(4) == 0 ? random.nextInt(2_500) : random.nextInt(300);
            long late = random.nextInt(6) == 0 ? random.nextInt(3_000) : 0;
            timed.add(
                    new RawEvent(
                            event.position(),
                            event.key(),
                            event.value(),
                            event.headers(),
                            time - late));
        }
        return timed;
    }

    private static RetryPolicy retry(SplittableRandom random) {
        boolean immediate = random.nextInt(4) == 0;
        RetryPolicy retry =
                RetryPolicy.of(
                        random.nextInt(1, 5),
                        immediate ? Duration.ZERO : Duration.ofMillis(10),
                        immediate ? Duration.ZERO : Duration.ofMillis(100));
        return random.nextInt(3) == 0 ? retry.withBisect() : retry;
    }

    private static ParkingLimits parking(SplittableRandom random) {
        var limits =
                new ParkingLimits(
                        Duration.ofMillis(random.nextInt(3) == 0 ? 1_000 : random.nextInt(30)),
                        Duration.ofMillis(random.nextInt(1, 200)),
                        random.nextInt(3) == 0 ? random.nextInt(4) : 1_000,
                        1_000_000,
                        1_000_000);
        // Then every event that is unfinished for two ticks is copied into the store.
        return random.nextInt(3) == 0 ? limits.withRetention(Duration.ZERO) : limits;
    }

    private static List<RawEvent> events(SplittableRandom random, int partition, int keys) {
        var events = new ArrayList<RawEvent>();
        boolean gaps = random.nextBoolean();
        long offset = random.nextInt(3) == 0 ? 65_530 : random.nextInt(10);
        for (int i = random.nextInt(1, 25); i > 0; i--) {
            if (gaps && random.nextInt(3) == 0) {
                offset += random.nextInt(20) == 0 ? 30_000 : 1;
            }
            String key = "k" + random.nextInt(keys);
            events.add(Samples.event(new PartitionId("orders", partition), offset++, key));
        }
        return events;
    }

    /** The policy the machine is told. */
    RetryPolicy appliedRetry() {
        int more = mutant == Mutant.ONE_ATTEMPT_MORE ? 1 : 0;
        return new RetryPolicy(
                retry.maxAttempts() + more,
                retry.firstDelay(),
                retry.maxDelay(),
                retry.maxAge(),
                retry.bisect());
    }

    /** Whether outcomes of a key come in the order of its events. */
    boolean keepsOrder() {
        return lanes.isOrdered() && batch.answer() == PartialAnswer.CHECKPOINT;
    }

    /** Whether events are gathered in tumbling windows. */
    boolean isWindowed() {
        return batch.tumbling().isPresent();
    }

    int events() {
        return log.values().stream().mapToInt(List::size).sum();
    }
}
