package io.millrace.engine.lane;

import static io.millrace.engine.model.Samples.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Batching windows, and which events make a batch. */
final class EventQueueTest {
    private static final int BYTES = 1_000_000;
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final long WINDOW = Duration.ofSeconds(5).toNanos();

    /** Close to the overflow of the clock. */
    private static final long START = Long.MAX_VALUE - WINDOW / 2;

    private static final Cut GATHERING = new Cut(BYTES, WINDOW, Cut.Earlier.NOTHING);

    private final Lane lane = new Lane(1, new EventQueue(), true);

    @Test
    void shouldWaitForTheWindowWhenABatchIsNotFull() {
        assertThat(offer(1, START)).as("a thread begins the window").isTrue();
        assertThat(take(3, START + 10)).isNull();
        assertThat(lane.gatheringEnds()).hasValue(START + 10 + WINDOW);
        assertThat(lane.isIdle()).isFalse();
        assertThat(offer(2, START + 20)).as("nobody is needed yet").isFalse();
        assertThat(lane.endGathering(3, GATHERING, START + 10 + WINDOW - 1)).isFalse();
        assertThat(lane.endGathering(3, GATHERING, START + 10 + WINDOW)).isTrue();
        assertThat(take(3, START + 10 + WINDOW)).containsExactly(1L, 2L);
    }

    @Test
    void shouldEndTheWindowWhenTheBatchIsFullByCount() {
        offer(1, START);
        take(3, START);
        assertThat(offer(2, START)).isFalse();
        assertThat(offer(3, START + 7)).isTrue();
        assertThat(take(3, START + 7)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldEndTheWindowWhenTheBatchIsFullByBytes() {
        var small = new Cut(2 * event(1, "k").sizeInBytes(), WINDOW, Cut.Earlier.NOTHING);
        lane.offer(event(1, "k"), 10, small, START);
        assertThat(lane.take(10, small, NO_LIMIT, START)).isNull();
        assertThat(lane.offer(event(2, "k"), 10, small, START)).isTrue();
        Work work = Objects.requireNonNull(lane.take(10, small, NO_LIMIT, START));
        assertThat(offsets(work)).containsExactly(1L, 2L);
    }

    @Test
    void shouldNotWaitWithoutAWindow() {
        var none = new Cut(BYTES, 0, Cut.Earlier.NOTHING);
        lane.offer(event(1, "k"), 10, none, START);
        assertThat(offsets(lane.take(10, none, NO_LIMIT, START))).containsExactly(1L);
    }

    /** DEF-1: the window starts when the lane has no invocation in progress. */
    @Test
    void shouldBeginTheNextWindowWhenTheLaneIsFreeAgain() {
        offer(1, START);
        take(1, START);
        offer(2, START + 1);
        long free = START + 3 * WINDOW;
        assertThat(lane.takeNext(() -> {}, 2, GATHERING, NO_LIMIT, free)).isNull();
        assertThat(lane.gatheringEnds()).hasValue(free + WINDOW);
    }

    @Test
    void shouldNotBeginAWindowAnewWithEveryEvent() {
        offer(1, START);
        take(10, START);
        for (int later = 1; later <= 4; later++) {
            long now = START + later * (WINDOW / 5);
            assertThat(lane.offer(event(1 + later, "k"), 10, GATHERING, now)).isFalse();
            assertThat(lane.endGathering(10, GATHERING, now)).isFalse();
        }
        assertThat(lane.gatheringEnds()).hasValue(START + WINDOW);
        assertThat(take(10, START + WINDOW)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void shouldNotWaitWithARetry() {
        offer(1, START);
        take(1, START);
        lane.rest();
        var again = new Work(List.of(event(1, "k")), new Progress(1, 1, 5), false);
        lane.resumeWith(List.of(again));
        assertThat(lane.take(10, GATHERING, NO_LIMIT, START)).isEqualTo(again);
    }

    @Test
    void shouldWaitForTheLimitInsteadOfTheWindowWhenItIsHeld() {
        offer(30, START);
        assertThat(lane.take(10, GATHERING, 29, START)).isNull();
        assertThat(lane.isHeld()).isTrue();
        assertThat(lane.gatheringEnds()).isEmpty();
    }

    @Test
    void shouldNotMixEventsThatCameDifferentlyFar() {
        var tried = new Progress(2, 1, 5);
        Cut.Earlier earlier = event -> event.offset() == 2 ? tried : Progress.NONE;
        var cut = new Cut(BYTES, 0, earlier);
        for (int offset = 1; offset <= 4; offset++) {
            lane.offer(event(offset, "k"), 10, cut, START);
        }
        assertThat(offsets(lane.take(10, cut, NO_LIMIT, START))).containsExactly(1L);
        Work second = lane.takeNext(() -> {}, 10, cut, NO_LIMIT, START);
        assertThat(second).isEqualTo(Work.of(List.of(event(2, "k")), tried));
        assertThat(offsets(lane.takeNext(() -> {}, 10, cut, NO_LIMIT, START)))
                .containsExactly(3L, 4L);
    }

    @Test
    void shouldGiveMoreOfTheSameKindToABatchThatIsNotFullAfterAll() {
        var tried = new Progress(2, 1, 5);
        Cut.Earlier earlier = event -> event.offset() == 4 ? tried : Progress.NONE;
        var cut = new Cut(BYTES, 0, earlier);
        for (int offset = 1; offset <= 5; offset++) {
            lane.offer(event(offset, "k"), 10, cut, START);
        }
        lane.take(1, cut, NO_LIMIT, START);
        List<RawEvent> one = lane.takeMore(1, cut, NO_LIMIT, Progress.NONE);
        assertThat(one).extracting(RawEvent::offset).containsExactly(2L);
        List<RawEvent> more = lane.takeMore(10, cut, NO_LIMIT, Progress.NONE);
        assertThat(more).extracting(RawEvent::offset).as("up to 4").containsExactly(3L);
        assertThat(lane.takeMore(10, cut, 3, tried)).as("above the limit").isEmpty();
    }

    @Test
    void shouldDrainEverythingInItsOrder() {
        var cut = new Cut(BYTES, 0, Cut.Earlier.NOTHING);
        for (int offset = 1; offset <= 3; offset++) {
            lane.offer(event(offset, "k"), 10, cut, START);
        }
        lane.take(1, cut, NO_LIMIT, START);
        lane.rest();
        lane.resumeWith(List.of(new Work(List.of(event(1, "k")), Progress.NONE, false)));
        lane.rest();
        List<Work> drained = lane.drain(Cut.Earlier.NOTHING);
        assertThat(drained)
                .extracting(EventQueueTest::offsets)
                .containsExactly(List.of(1L), List.of(2L), List.of(3L));
        assertThat(lane.hasNoQueue()).isTrue();
        lane.putBack(drained.subList(1, 3));
        assertThat(lane.resume()).isTrue();
        assertThat(take(1, START)).containsExactly(2L);
    }

    @Test
    void shouldEndTheWindowOfAnUnorderedPartitionWhenTheBatchIsFull() {
        var table = new LaneTable(LanePolicy.UNORDERED, 2);
        var gathering = new ArrayList<Lane>();
        for (int offset = 1; offset <= 9; offset++) {
            Lane lane = table.offer(event(offset, "k"), 10, GATHERING, START);
            if (lane != null) {
                assertThat(lane.take(10, GATHERING, NO_LIMIT, START)).isNull();
                gathering.add(lane);
            }
        }
        assertThat(gathering).isNotEmpty();
        Lane woken = table.offer(event(10, "k"), 10, GATHERING, START);
        assertThat(woken).as("ten are a batch: somebody has to run it now").isNotNull();
        Work work = Objects.requireNonNull(woken).take(10, GATHERING, NO_LIMIT, START);
        assertThat(Objects.requireNonNull(work).events()).hasSize(10);
    }

    @Test
    void shouldRunARetryOfAnUnorderedPartitionThoughItsLanesGather() {
        var table = new LaneTable(LanePolicy.UNORDERED, 1);
        Lane only = Objects.requireNonNull(table.offer(event(5, "k"), 10, GATHERING, START));
        assertThat(only.take(10, GATHERING, NO_LIMIT, START)).isNull();
        var again = new Work(List.of(event(1, "k")), new Progress(1, 1, 5), false);
        assertThat(table.offerFirst(again)).isSameAs(only);
        assertThat(only.take(10, GATHERING, NO_LIMIT, START)).isEqualTo(again);
        assertThat(only.takeNext(() -> {}, 10, GATHERING, NO_LIMIT, START)).isNull();
        assertThat(only.gatheringEnds()).as("5 still gathers").hasValue(START + WINDOW);
    }

    private boolean offer(long offset, long now) {
        return lane.offer(event(offset, "k"), 3, GATHERING, now);
    }

    private @Nullable List<Long> take(int maxEvents, long now) {
        Work work = lane.take(maxEvents, GATHERING, NO_LIMIT, now);
        return work == null ? null : offsets(work);
    }

    private static List<Long> offsets(@Nullable Work work) {
        return Objects.requireNonNull(work).events().stream().map(RawEvent::offset).toList();
    }
}
