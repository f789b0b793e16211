package io.millrace.engine.simulation;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a seed decides before the first step: the events of each partition, and the settings.
 *
 * @param log per partition its events in offset order; what lies between does not exist
 */
record Plan(
        Map<PartitionId, List<RawEvent>> log,
        int lanes,
        int batch,
        RetryPolicy retry,
        int failuresPerMille,
        int crashesPerMille,
        Mutant mutant) {

    static Plan of(SplittableRandom random, Mutant mutant) {
        var log = new LinkedHashMap<PartitionId, List<RawEvent>>();
        int partitions = random.nextInt(1, 3);
        int keys = random.nextInt(1, 5);
        for (int partition = 0; partition < partitions; partition++) {
            log.put(new PartitionId("orders", partition), events(random, partition, keys));
        }
        boolean immediate = random.nextInt(4) == 0;
        var retry =
                RetryPolicy.of(
                        random.nextInt(1, 5),
                        immediate ? Duration.ZERO : Duration.ofMillis(10),
                        immediate ? Duration.ZERO : Duration.ofMillis(100));
        int[] lanes = {1, 2, 64};
        return new Plan(
                log,
                lanes[random.nextInt(lanes.length)],
                random.nextInt(3) == 0 ? random.nextInt(2, 5) : 1,
                retry,
                random.nextInt(3) == 0 ? 0 : random.nextInt(400),
                random.nextInt(3) == 0 ? 0 : random.nextInt(200),
                mutant);
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

    /** Attempts the machine is told to allow. */
    RetryPolicy appliedRetry() {
        int more = mutant == Mutant.ONE_ATTEMPT_MORE ? 1 : 0;
        return RetryPolicy.of(retry.maxAttempts() + more, retry.firstDelay(), retry.maxDelay());
    }

    int events() {
        return log.values().stream().mapToInt(List::size).sum();
    }
}
