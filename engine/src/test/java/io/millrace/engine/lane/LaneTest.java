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

    private final Lane lane = new Lane(1, new EventQueue(), true);
    private final List<String> handed = new ArrayList<>();

    @Test
    void shouldHaveNothingToGiveWhenEmpty() {
        assertThat(lane.isIdle()).isTrue();
        assertThat(take(1, BYTES, NO_LIMIT)).isNull();
        assertThat(lane.isIdle()).isTrue();
        assertThat(lane.release(NO_LIMIT)).isFalse();
    }

    @Test
    void shouldAskForAThreadOnlyOnce() {
        assertThat(offer(event(1, "k"))).isTrue();
        assertThat(offer(event(2, "k"))).isFalse();
        assertThat(take(1, BYTES, NO_LIMIT)).isNotNull();
        assertThat(offer(event(3, "k"))).as("while a batch is out").isFalse();
    }

    @Test
    void shouldGiveEventsInTheirOrderAsFirstAttempts() {
        offer(1, 5, 9);
        assertThat(offsets(take(1, BYTES, NO_LIMIT))).containsExactly(1L);
        assertThat(offsets(takeNext())).containsExactly(5L);
        Work last = Objects.requireNonNull(takeNext());
        assertThat(offsets(last)).containsExactly(9L);
        assertThat(last.attempt()).isEqualTo(1);
        assertThat(lane.isIdle()).isFalse();
        assertThat(takeNext()).isNull();
        assertThat(lane.isIdle()).isTrue();
        assertThat(offer(event(10, "k"))).isTrue();
    }

    @Test
    void shouldCutABatchByItsNumberOfEvents() {
        offer(1, 2, 3, 4, 5);
        assertThat(offsets(take(3, BYTES, NO_LIMIT))).containsExactly(1L, 2L, 3L);
        assertThat(offsets(lane.takeNext(() -> {}, 3, cut(BYTES), NO_LIMIT, 0)))
                .containsExactly(4L, 5L);
    }

    @Test
    void shouldCutABatchByItsBytes() {
        offer(1, 2, 3);
        int size = event(1, "k").sizeInBytes();
        assertThat(offsets(take(10, 2 * size, NO_LIMIT))).containsExactly(1L, 2L);
        assertThat(offsets(lane.takeNext(() -> {}, 10, cut(2 * size), NO_LIMIT, 0)))
                .containsExactly(3L);
    }

    @Test
    void shouldGiveAnEventThatIsLargerThanABatchAlone() {
        offer(1, 2);
        assertThat(offsets(take(10, 1, NO_LIMIT))).containsExactly(1L);
    }

    @Test
    void shouldCutABatchAtTheLimit() {
        offer(1, 2, 30);
        assertThat(offsets(take(10, BYTES, 29))).containsExactly(1L, 2L);
    }

    @Test
    void shouldBeHeldByTheLimitAndReleasedOnce() {
        offer(30);
        assertThat(take(1, BYTES, 29)).isNull();
        assertThat(lane.isHeld()).isTrue();
        assertThat(lane.isIdle()).isFalse();
        assertThat(offer(event(31, "k"))).as("a held lane needs no thread").isFalse();
        assertThat(lane.release(29)).isFalse();
        assertThat(lane.release(30)).isTrue();
        assertThat(lane.release(30)).as("somebody has been told already").isFalse();
        assertThat(offsets(take(1, BYTES, 30))).containsExactly(30L);
    }

    @Test
    void shouldNotBeReleasedWhileItRunsOrRests() {
        offer(1, 2);
        assertThat(lane.release(NO_LIMIT)).isFalse();
        take(1, BYTES, NO_LIMIT);
        assertThat(lane.release(NO_LIMIT)).isFalse();
        lane.rest();
        assertThat(lane.release(NO_LIMIT)).isFalse();
    }

    @Test
    void shouldRestUntilItIsDecided() {
        offer(1, 2);
        take(1, BYTES, NO_LIMIT);
        lane.rest();
        assertThat(offer(event(3, "k"))).isFalse();
        assertThat(lane.isIdle()).isFalse();
        assertThat(lane.resume()).isTrue();
        assertThat(offsets(take(1, BYTES, NO_LIMIT))).containsExactly(2L);
    }

    @Test
    void shouldBeIdleAfterARestWithNothingLeft() {
        offer(1);
        take(1, BYTES, NO_LIMIT);
        lane.rest();
        assertThat(lane.resume()).isFalse();
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldGiveARetryBeforeEverythingThatIsQueued() {
        offer(1, 2);
        Work first = take(1, BYTES, NO_LIMIT);
        lane.rest();
        lane.resumeWith(List.of(again(1)));
        assertThat(offer(event(3, "k"))).isFalse();
        // The offsets of a retry have been started before: no limit holds them.
        Work again = Objects.requireNonNull(take(1, BYTES, 0));
        assertThat(offsets(first)).isEqualTo(offsets(again));
        assertThat(again).isEqualTo(again(1));
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(offsets(takeNext())).containsExactly(2L);
    }

    @Test
    void shouldHandOverWhileItIsStillBusy() {
        offer(1);
        take(1, BYTES, NO_LIMIT);
        Runnable handOver = () -> handed.add("idle " + lane.isIdle());
        assertThat(lane.takeNext(handOver, 1, cut(BYTES), NO_LIMIT, 0)).isNull();
        assertThat(handed).containsExactly("idle false");
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldHandOverBeforeItIsReadyForAnotherThread() {
        offer(1, 2);
        take(1, BYTES, NO_LIMIT);
        assertThat(lane.yieldTurn(() -> handed.add("idle " + lane.isIdle()))).isTrue();
        assertThat(offsets(take(1, BYTES, NO_LIMIT))).containsExactly(2L);
        assertThat(lane.yieldTurn(() -> handed.add("idle " + lane.isIdle()))).isFalse();
        assertThat(handed).containsExactly("idle false", "idle false");
        assertThat(lane.isIdle()).isTrue();
    }

    private void offer(long... offsets) {
        for (long offset : offsets) {
            boolean _ = offer(event(offset, "k"));
        }
    }

    private boolean offer(RawEvent event) {
        return lane.offer(event, 1, cut(BYTES), 0);
    }

    private @Nullable Work take(int maxEvents, int maxBytes, long limit) {
        return lane.take(maxEvents, cut(maxBytes), limit, 0);
    }

    private static Cut cut(int maxBytes) {
        return new Cut(maxBytes, 0, Cut.Earlier.NOTHING);
    }

    /** A second attempt. */
    private static Work again(long offset) {
        return new Work(List.of(event(offset, "k")), new Progress(1, 1, 5), false);
    }

    private @Nullable Work takeNext() {
        return lane.takeNext(() -> {}, 1, cut(BYTES), NO_LIMIT, 0);
    }

    private static List<Long> offsets(@Nullable Work work) {
        return work == null ? List.of() : work.events().stream().map(RawEvent::offset).toList();
    }
}
