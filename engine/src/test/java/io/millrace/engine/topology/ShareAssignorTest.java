package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ProcessId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class ShareAssignorTest {
    private static final ProcessId FIRST = node(1);
    private static final ProcessId SECOND = node(2);
    private static final ProcessId THIRD = node(3);

    @Test
    void shouldGiveNobodyAnythingWithoutNodes() {
        assertThat(ShareAssignor.share(tasks(4), Map.of(), 1)).isEmpty();
    }

    @Test
    void shouldLeaveEverythingWithOneNodeWhereOnlyOneCallIsPermitted() {
        var shared =
                ShareAssignor.share(
                        tasks(4), Map.of(FIRST, Set.of(), SECOND, taskSet(0, 1, 2, 3)), 1);

        assertThat(shared)
                .containsEntry(SECOND, taskSet(0, 1, 2, 3))
                .containsEntry(FIRST, Set.of());
    }

    @Test
    void shouldMoveNoMoreThanANewNodeNeeds() {
        var shared =
                ShareAssignor.share(
                        tasks(4), Map.of(FIRST, taskSet(0, 1, 2, 3), SECOND, Set.of()), 100);

        assertThat(shared.get(SECOND)).hasSize(2);
    }

    @Test
    void shouldGiveANodeThatComesBackWhatItHad() {
        Map<ProcessId, Set<TaskId>> before = Map.of(FIRST, taskSet(0, 2), SECOND, taskSet(1, 3));

        assertThat(ShareAssignor.share(tasks(4), before, 100)).isEqualTo(before);
    }

    @Test
    void shouldTakeAPartitionWithAPermitFromWhoHasAllOfThem() {
        // Of five partitions, 0 and 1 carry a permit.
        var shared =
                ShareAssignor.share(
                        tasks(5), Map.of(FIRST, taskSet(0, 1, 2), SECOND, taskSet(3, 4)), 2);

        assertThat(permits(of(shared, FIRST), 2, 5)).isEqualTo(1);
        assertThat(permits(of(shared, SECOND), 2, 5)).isEqualTo(1);
        assertThat(shared.get(SECOND)).contains(task(3), task(4));
    }

    @Test
    void shouldUseNoMoreNodesThanThereArePermits() {
        var shared =
                ShareAssignor.share(
                        tasks(4),
                        Map.of(FIRST, taskSet(0), SECOND, taskSet(1, 2), THIRD, taskSet(3)),
                        2);

        assertThat(shared.values().stream().filter(share -> !share.isEmpty())).hasSize(2);
    }

    /** Many random changes of nodes, one after the other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldKeepItsPromisesWhateverWasBefore(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            int partitions = 1 + random.nextInt(20);
            int permits = 1 + random.nextInt(25);
            Map<ProcessId, Set<TaskId>> previous = new HashMap<>();
            int nodes = 1 + random.nextInt(6);
            List<Set<TaskId>> owned = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                owned.add(new HashSet<>());
                previous.put(node(i), owned.getLast());
            }
            for (TaskId task : tasks(partitions)) {
                if (random.nextInt(4) > 0) {
                    owned.get(random.nextInt(nodes)).add(task);
                }
            }

            var shared = ShareAssignor.share(tasks(partitions), previous, permits);

            String what = "seed " + seed + ", run " + run + ": " + shared;
            assertThat(shared.keySet()).as(what).isEqualTo(previous.keySet());
            assertThat(shared.values().stream().flatMap(Set::stream))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(tasks(partitions));
            List<Set<TaskId>> used =
                    shared.values().stream().filter(share -> !share.isEmpty()).toList();
            assertThat(used).as(what).hasSize(Math.min(nodes, Math.min(partitions, permits)));
            assertThat(used).as(what).allMatch(share -> permits(share, permits, partitions) > 0);
            assertThat(spread(used.stream().map(Set::size).toList())).as(what).isLessThan(2);
            if (permits <= partitions) {
                assertThat(
                                spread(
                                        used.stream()
                                                .map(it -> permits(it, permits, partitions))
                                                .toList()))
                        .as(what)
                        .isLessThan(2);
            }
            assertThat(ShareAssignor.share(tasks(partitions), shared, permits))
                    .as("stable: " + what)
                    .isEqualTo(shared);
        }
    }

    private static Set<TaskId> of(Map<ProcessId, Set<TaskId>> shared, ProcessId node) {
        return Objects.requireNonNull(shared.get(node));
    }

    private static int spread(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).max().orElseThrow()
                - numbers.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    private static int permits(Set<TaskId> share, int permits, int partitions) {
        return share.stream()
                .mapToInt(task -> Throttle.shareOf(permits, partitions, task.partition()))
                .sum();
    }

    private static ProcessId node(int number) {
        return new ProcessId(new UUID(0, number));
    }

    private static TaskId task(int partition) {
        return new TaskId(0, partition);
    }

    private static Set<TaskId> taskSet(int... partitions) {
        return IntStream.of(partitions)
                .mapToObj(ShareAssignorTest::task)
                .collect(Collectors.toSet());
    }

    private static List<TaskId> tasks(int count) {
        return IntStream.range(0, count).mapToObj(ShareAssignorTest::task).toList();
    }
}
