package io.millrace.engine.lane;

import static io.millrace.engine.model.Samples.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

final class LaneTest {
    private static final int BYTES = 1_000_000;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final Lane lane = new Lane(1);
    private final List<String> handed = new ArrayList<>();

    @Test
    void shouldHaveNothingToGiveWhenEmpty() {
        assertThat(lane.isIdle()).isTrue();
        assertThat(lane.take(1, BYTES, NO_LIMIT)).isNull();
        assertThat(lane.isIdle()).isTrue();
        assertThat(lane.release(NO_LIMIT)).isFalse();
    }

    @Test
    void shouldAskForAThreadOnlyOnce() {
        assertThat(lane.offer(event(1, "k"))).isTrue();
        assertThat(lane.offer(event(2, "k"))).isFalse();
        assertThat(lane.take(1, BYTES, NO_LIMIT)).isNotNull();
        assertThat(lane.offer(event(3, "k"))).as("while a batch is out").isFalse();
    }

    @Test
    void shouldGiveEventsInTheirOrderAsFirstAttempts() {
        offer(1, 5, 9);
        assertThat(offsets(lane.take(1, BYTES, NO_LIMIT))).containsExactly(1L);
        assertThat(offsets(takeNext())).containsExactly(5L);
        Lane.Work last = Objects.requireNonNull(takeNext());
        assertThat(offsets(last)).containsExactly(9L);
        assertThat(last.attempt()).isEqualTo(1);
        assertThat(lane.isIdle()).isFalse();
        assertThat(takeNext()).isNull();
        assertThat(lane.isIdle()).isTrue();
        assertThat(lane.offer(event(10, "k"))).isTrue();
    }

    @Test
    void shouldCutABatchByItsNumberOfEvents() {
        offer(1, 2, 3, 4, 5);
        assertThat(offsets(lane.take(3, BYTES, NO_LIMIT))).containsExactly(1L, 2L, 3L);
        assertThat(offsets(lane.takeNext(() -> {}, 3, BYTES, NO_LIMIT))).containsExactly(4L, 5L);
    }

    @Test
    void shouldCutABatchByItsBytes() {
        offer(1, 2, 3);
        int size = event(1, "k").sizeInBytes();
        assertThat(offsets(lane.take(10, 2 * size, NO_LIMIT))).containsExactly(1L, 2L);
        assertThat(offsets(lane.takeNext(() -> {}, 10, 2 * size, NO_LIMIT))).containsExactly(3L);
    }

    @Test
    void shouldGiveAnEventThatIsLargerThanABatchAlone() {
        offer(1, 2);
        assertThat(offsets(lane.take(10, 1, NO_LIMIT))).containsExactly(1L);
    }

    @Test
    void shouldCutABatchAtTheLimit() {
        offer(1, 2, 30);
        assertThat(offsets(lane.take(10, BYTES, 29))).containsExactly(1L, 2L);
    }

    @Test
    void shouldBeHeldByTheLimitAndReleasedOnce() {
        offer(30);
        assertThat(lane.take(1, BYTES, 29)).isNull();
        assertThat(lane.isHeld()).isTrue();
        assertThat(lane.isIdle()).isFalse();
        assertThat(lane.offer(event(31, "k"))).as("a held lane needs no thread").isFalse();
        assertThat(lane.release(29)).isFalse();
        assertThat(lane.release(30)).isTrue();
        assertThat(lane.release(30)).as("somebody has been told already").isFalse();
        assertThat(offsets(lane.take(1, BYTES, 30))).containsExactly(30L);
    }

    @Test
    void shouldNotBeReleasedWhileItRunsOrRests() {
        offer(1, 2);
        assertThat(lane.release(NO_LIMIT)).isFalse();
        lane.take(1, BYTES, NO_LIMIT);
        assertThat(lane.release(NO_LIMIT)).isFalse();
        lane.rest();
        assertThat(lane.release(NO_LIMIT)).isFalse();
    }

    @Test
    void shouldRestUntilItIsDecided() {
        offer(1, 2);
        lane.take(1, BYTES, NO_LIMIT);
        lane.rest();
        assertThat(lane.offer(event(3, "k"))).isFalse();
        assertThat(lane.isIdle()).isFalse();
        assertThat(lane.resume()).isTrue();
        assertThat(offsets(lane.take(1, BYTES, NO_LIMIT))).containsExactly(2L);
    }

    @Test
    void shouldBeIdleAfterARestWithNothingLeft() {
        offer(1);
        lane.take(1, BYTES, NO_LIMIT);
        lane.rest();
        assertThat(lane.resume()).isFalse();
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldGiveARetryBeforeEverythingThatIsQueued() {
        offer(1, 2);
        Lane.Work first = lane.take(1, BYTES, NO_LIMIT);
        lane.rest();
        lane.retry(new Lane.Work(List.of(event(1, "k")), 2));
        assertThat(lane.offer(event(3, "k"))).isFalse();
        // The offsets of a retry have been started before: no limit holds them.
        Lane.Work again = Objects.requireNonNull(lane.take(1, BYTES, 0));
        assertThat(offsets(first)).isEqualTo(offsets(again));
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(offsets(takeNext())).containsExactly(2L);
    }

    @Test
    void shouldHandOverWhileItIsStillBusy() {
        offer(1);
        lane.take(1, BYTES, NO_LIMIT);
        Runnable handOver = () -> handed.add("idle " + lane.isIdle());
        assertThat(lane.takeNext(handOver, 1, BYTES, NO_LIMIT)).isNull();
        assertThat(handed).containsExactly("idle false");
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldHandOverBeforeItIsReadyForAnotherThread() {
        offer(1, 2);
        lane.take(1, BYTES, NO_LIMIT);
        assertThat(lane.yieldTurn(() -> handed.add("idle " + lane.isIdle()))).isTrue();
        assertThat(offsets(lane.take(1, BYTES, NO_LIMIT))).containsExactly(2L);
        assertThat(lane.yieldTurn(() -> handed.add("idle " + lane.isIdle()))).isFalse();
        assertThat(handed).containsExactly("idle false", "idle false");
        assertThat(lane.isIdle()).isTrue();
    }

    private void offer(long... offsets) {
        for (long offset : offsets) {
            lane.offer(event(offset, "k"));
        }
    }

    private Lane.@Nullable Work takeNext() {
        return lane.takeNext(() -> {}, 1, BYTES, NO_LIMIT);
    }

    private static List<Long> offsets(Lane.@Nullable Work work) {
        return work == null ? List.of() : work.events().stream().map(RawEvent::offset).toList();
    }
}
