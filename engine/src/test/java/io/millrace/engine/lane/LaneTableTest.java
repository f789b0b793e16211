package io.millrace.engine.lane;

import static io.millrace.engine.model.Samples.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;

final class LaneTableTest {
    @Test
    void shouldGiveEqualKeysTheSameLane() {
        var table = new LaneTable(16);
        assertThat(offered(table, event(1, "a"))).isSameAs(offered(table, event(2, "a")));
    }

    @Test
    void shouldGiveEverythingTheSameLaneWhenThereIsOne() {
        var table = new LaneTable(1);
        Lane lane = offered(table, event(1, "a"));
        assertThat(offered(table, event(2, "b"))).isSameAs(lane);
        assertThat(offered(table, keyless(3))).isSameAs(lane);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void shouldSpreadKeysOverAllLanes() {
        int lanes = 32;
        int keys = 3_200;
        var table = new LaneTable(lanes);
        var counts = new int[lanes];
        for (int key = 0; key < keys; key++) {
            counts[(int) table.laneOf(event(key, "customer-" + key)).id()]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(keys / lanes / 2, keys / lanes * 2);
        }
    }

    @Test
    void shouldSendEventsWithoutKeyRound() {
        var table = new LaneTable(4);
        var lanes = new HashSet<Lane>();
        for (int offset = 0; offset < 4; offset++) {
            lanes.add(offered(table, keyless(offset)));
        }
        assertThat(lanes).hasSize(4);
    }

    @Test
    void shouldTakeAnEmptyKeyForAKey() {
        var table = new LaneTable(16);
        Lane lane = offered(table, event(1, ""));
        for (int offset = 2; offset < 10; offset++) {
            assertThat(offered(table, event(offset, ""))).isSameAs(lane);
        }
    }

    @Test
    void shouldForgetALaneThatHasNothingToDo() {
        var table = new LaneTable(16);
        Lane lane = offered(table, event(1, "a"));
        table.dropIfIdle(lane);
        assertThat(table.size()).as("ready").isEqualTo(1);
        lane.take(1, 1_000, Long.MAX_VALUE);
        table.dropIfIdle(lane);
        assertThat(table.size()).as("running").isEqualTo(1);
        lane.takeNext(() -> {}, 1, 1_000, Long.MAX_VALUE);
        table.dropIfIdle(lane);
        assertThat(table.size()).isZero();
        assertThat(offered(table, event(2, "a"))).isNotSameAs(lane);
    }

    @Test
    void shouldNotForgetTheSuccessorOfALane() {
        var table = new LaneTable(16);
        Lane former = table.laneOf(event(1, "a"));
        table.dropIfIdle(former);
        Lane lane = offered(table, event(2, "a"));
        table.dropIfIdle(former);
        assertThat(table.laneOf(event(3, "a"))).isSameAs(lane);
    }

    @Test
    void shouldReleaseTheLanesThatWaitedForTheLimit() {
        var table = new LaneTable(1_024);
        Lane near = offered(table, event(10, "a"));
        Lane far = offered(table, event(20, "b"));
        Lane ready = offered(table, event(5, "c"));
        near.take(1, 1_000, 9);
        far.take(1, 1_000, 9);
        assertThat(table.release(9)).isEmpty();
        assertThat(table.release(15)).isEqualTo(List.of(near));
        assertThat(table.release(25)).isEqualTo(List.of(far));
        assertThat(ready.isIdle()).isFalse();
    }

    private static Lane offered(LaneTable table, RawEvent event) {
        Lane lane = table.laneOf(event);
        lane.offer(event);
        return lane;
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
