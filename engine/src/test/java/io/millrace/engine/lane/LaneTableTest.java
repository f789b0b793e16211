package io.millrace.engine.lane;

import static io.millrace.engine.model.Samples.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

final class LaneTableTest {
    private static final Cut CUT = new Cut(BatchPolicy.MAX_PAYLOAD_BYTES, 0, Cut.Earlier.NOTHING);
    private static final long NO_LIMIT = Long.MAX_VALUE;

    @Test
    void shouldGiveEqualKeysTheSameLane() {
        LaneTable table = byKey(16);
        assertThat(offered(table, event(1, "a"))).isSameAs(offered(table, event(2, "a")));
    }

    @Test
    void shouldGiveEverythingTheSameLaneWhenThereIsOne() {
        LaneTable table = byKey(1);
        Lane lane = offered(table, event(1, "a"));
        assertThat(offered(table, event(2, "b"))).isSameAs(lane);
        assertThat(offered(table, keyless(3))).isSameAs(lane);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void shouldSpreadKeysOverAllLanes() {
        int lanes = 32;
        int keys = 3_200;
        LaneTable table = byKey(lanes);
        var counts = new int[lanes];
        for (int key = 0; key < keys; key++) {
            counts[(int) table.idOf(event(key, "customer-" + key))]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(keys / lanes / 2, keys / lanes * 2);
        }
    }

    @Test
    void shouldSendEventsWithoutKeyRound() {
        LaneTable table = byKey(4);
        var lanes = new HashSet<Lane>();
        for (int offset = 0; offset < 4; offset++) {
            lanes.add(offered(table, keyless(offset)));
        }
        assertThat(lanes).hasSize(4);
    }

    @Test
    void shouldTakeAnEmptyKeyForAKey() {
        LaneTable table = byKey(16);
        Lane lane = offered(table, event(1, ""));
        for (int offset = 2; offset < 10; offset++) {
            assertThat(offered(table, event(offset, ""))).isSameAs(lane);
        }
    }

    @Test
    void shouldMakeALanePerKeyWhenAskedTo() {
        LaneTable table = byKey(LanePolicy.LANE_PER_KEY);
        var lanes = new HashSet<Lane>();
        for (int key = 0; key < 1_000; key++) {
            lanes.add(offered(table, event(key, "customer-" + key)));
        }
        assertThat(lanes).as("a lane each").hasSize(1_000);
        assertThat(offered(table, event(1_000, "customer-7"))).isIn(lanes);
        assertThat(offered(table, keyless(1_001)))
                .as("no order was asked for without a key")
                .isNotSameAs(offered(table, keyless(1_002)));
    }

    @Test
    void shouldForgetALaneThatHasNothingToDo() {
        LaneTable table = byKey(16);
        Lane lane = offered(table, event(1, "a"));
        table.dropIfIdle(lane);
        assertThat(table.size()).as("ready").isEqualTo(1);
        take(lane, NO_LIMIT);
        table.dropIfIdle(lane);
        assertThat(table.size()).as("running").isEqualTo(1);
        lane.takeNext(() -> {}, 1, CUT, NO_LIMIT, 0);
        table.dropIfIdle(lane);
        assertThat(table.size()).isZero();
        assertThat(offered(table, event(2, "a"))).isNotSameAs(lane);
    }

    @Test
    void shouldNotForgetTheSuccessorOfALane() {
        LaneTable table = byKey(16);
        Lane former = table.lane(table.idOf(event(1, "a")));
        table.dropIfIdle(former);
        Lane lane = offered(table, event(2, "a"));
        table.dropIfIdle(former);
        assertThat(table.lane(table.idOf(event(3, "a")))).isSameAs(lane);
    }

    @Test
    void shouldReleaseTheLanesThatWaitedForTheLimit() {
        LaneTable table = byKey(1_024);
        Lane near = offered(table, event(10, "a"));
        Lane far = offered(table, event(20, "b"));
        Lane ready = offered(table, event(5, "c"));
        take(near, 9);
        take(far, 9);
        assertThat(table.release(9)).isEmpty();
        assertThat(table.release(15)).isEqualTo(List.of(near));
        assertThat(table.release(25)).isEqualTo(List.of(far));
        assertThat(ready.isIdle()).isFalse();
    }

    @Test
    void shouldUseNoMoreLanesThanInvocationsWhenNoOrderIsKept() {
        LaneTable table = unordered(3);
        List<Lane> lanes = new ArrayList<>();
        for (int offset = 0; offset < 5; offset++) {
            Lane lane = table.offer(event(offset, "same key"), 1, CUT, 0);
            if (lane != null) {
                lanes.add(lane);
            }
        }
        assertThat(lanes).as("lanes to be run").doesNotHaveDuplicates().hasSize(3);
        assertThat(lanes).noneMatch(Lane::isOrdered);
        assertThat(table.size()).isEqualTo(3);
        // Over one queue: whoever comes first takes the oldest event.
        assertThat(offsetsOf(take(lanes.get(2), NO_LIMIT))).containsExactly(0L);
        assertThat(offsetsOf(take(lanes.get(0), NO_LIMIT))).containsExactly(1L);
    }

    @Test
    void shouldWakeALaneThatRanDryWhenNoOrderIsKept() {
        LaneTable table = unordered(2);
        Lane first = offered(table, event(0, "a"));
        take(first, NO_LIMIT);
        assertThat(first.takeNext(() -> {}, 1, CUT, NO_LIMIT, 0)).isNull();
        assertThat(table.size()).isZero();
        assertThat(table.offer(event(1, "b"), 1, CUT, 0)).isSameAs(first);
        assertThat(table.offer(event(2, "c"), 1, CUT, 0)).isNotNull().isNotSameAs(first);
        assertThat(table.offer(event(3, "d"), 1, CUT, 0)).as("both are on their way").isNull();
    }

    @Test
    void shouldRunARetryBeforeWhatIsQueuedWhenNoOrderIsKept() {
        LaneTable table = unordered(1);
        Lane lane = offered(table, event(5, "a"));
        var retry = new Work(List.of(event(1, "b")), new Progress(1, 1, 7), false);
        assertThat(table.offerFirst(retry)).as("the lane is on its way").isNull();
        assertThat(take(lane, NO_LIMIT)).isEqualTo(retry);
    }

    @Test
    void shouldLetAHeldLaneOfAnUnorderedPartitionTakeARetry() {
        LaneTable table = unordered(1);
        Lane lane = offered(table, event(30, "a"));
        assertThat(lane.take(1, CUT, 29, 0)).isNull();
        assertThat(lane.isHeld()).isTrue();
        var retry = new Work(List.of(event(1, "b")), new Progress(1, 1, 7), false);
        assertThat(table.offerFirst(retry)).as("somebody has to run it").isSameAs(lane);
        assertThat(lane.take(1, CUT, 29, 0)).isEqualTo(retry);
    }

    private static LaneTable byKey(int lanes) {
        return new LaneTable(LanePolicy.byKey(lanes), 4);
    }

    private static LaneTable unordered(int lanes) {
        return new LaneTable(LanePolicy.UNORDERED, lanes);
    }

    private static Lane offered(LaneTable table, RawEvent event) {
        Lane lane = table.offer(event, 1, CUT, 0);
        return lane == null ? table.lane(table.idOf(event)) : lane;
    }

    private static @Nullable Work take(Lane lane, long limit) {
        return lane.take(1, CUT, limit, 0);
    }

    private static List<Long> offsetsOf(@Nullable Work work) {
        return Objects.requireNonNull(work).events().stream().map(RawEvent::offset).toList();
    }

    private static RawEvent keyless(long offset) {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, offset),
                Payload.NULL,
                Payload.of("v"),
                List.of(),
                0);
    }
}
