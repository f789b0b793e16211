package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class OffsetTrackerTest {
    private static final int CHUNK = 1 << 16;

    @Test
    void shouldRefuseAnOffsetThatIsNotAboveEverySeenOne() {
        var tracker = new OffsetTracker(FinishedSet.empty(10));
        tracker.admit(12);
        assertThatThrownBy(() -> tracker.admit(12)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tracker.admit(11)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseAnOffsetBelowTheRecoveredMark() {
        var tracker = new OffsetTracker(FinishedSet.empty(10));
        assertThatThrownBy(() -> tracker.admit(9)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseToFinishWhatIsNotUnfinished() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        tracker.admit(5);
        tracker.finish(5);
        assertThatThrownBy(() -> tracker.finish(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5");
        assertThatThrownBy(() -> tracker.finish(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tracker.finish(CHUNK * 9L))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldHaveNoOpinionWhenNothingIsUnfinished() {
        var tracker = new OffsetTracker(FinishedSet.empty(7));
        assertThat(tracker.mark()).isEqualTo(-1);
        assertThat(tracker.toCommit(7)).isEqualTo(FinishedSet.empty(7));
        // The position is behind trailing transaction markers.
        assertThat(tracker.toCommit(9)).isEqualTo(FinishedSet.empty(9));
    }

    @Test
    void shouldCommitTheLowestUnfinishedOffsetWithWhatIsFinishedAboveIt() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        for (int offset = 0; offset < 6; offset++) {
            tracker.admit(offset);
        }
        tracker.finish(1);
        tracker.finish(2);
        tracker.finish(4);
        assertThat(tracker.toCommit(6)).isEqualTo(FinishedSet.from(0).add(1, 3).add(4, 5).build());
    }

    @Test
    void shouldCountSkippedOffsetsAsFinishedBelowAFinishedOne() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        tracker.admit(3);
        tracker.admit(7);
        tracker.admit(9);
        tracker.finish(9);
        assertThat(tracker.toCommit(10))
                .isEqualTo(FinishedSet.from(3).add(4, 7).add(8, 10).build());
    }

    @Test
    void shouldNotSpendMetadataOnGapsAboveTheHighestFinishedOffset() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        tracker.admit(0);
        tracker.admit(1);
        tracker.finish(1);
        for (int offset = 3; offset < 1_000; offset += 2) {
            tracker.admit(offset);
        }
        assertThat(tracker.toCommit(1_000)).isEqualTo(FinishedSet.from(0).add(1, 2).build());
    }

    @Test
    void shouldKeepTheRecoveredSetUntilTheMarkHasPassedIt() {
        FinishedSet recovered = FinishedSet.from(10).add(12, 14).add(20, 21).build();
        var tracker = new OffsetTracker(recovered);
        assertThat(tracker.toCommit(10)).isEqualTo(recovered);
        assertThat(tracker.isSettled(13)).isTrue();
        assertThat(tracker.isSettled(14)).isFalse();
        tracker.admit(10);
        assertThat(tracker.toCommit(11)).isEqualTo(recovered);
        tracker.finish(10);
        assertThat(tracker.toCommit(11))
                .isEqualTo(FinishedSet.from(11).add(12, 14).add(20, 21).build());
        // 12 and 13 have been skipped, 11 does not exist.
        assertThat(tracker.toCommit(14)).isEqualTo(FinishedSet.from(14).add(20, 21).build());
        assertThat(tracker.toCommit(20)).isEqualTo(FinishedSet.empty(21));
    }

    @Test
    void shouldCountWhatWasFinishedSinceTheLastCommit() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        tracker.admit(0);
        tracker.admit(1);
        tracker.finish(1);
        assertThat(tracker.finishedSinceCommit()).isEqualTo(1);
        tracker.committed();
        assertThat(tracker.finishedSinceCommit()).isZero();
        assertThat(tracker.unfinished()).isEqualTo(1);
    }

    @Test
    void shouldFindTheNthUnfinishedOffsetAcrossChunks() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        long[] offsets = {5, 63, 64, 127, CHUNK - 1, CHUNK, 3 * CHUNK + 70};
        for (long offset : offsets) {
            tracker.admit(offset);
        }
        for (int n = 1; n <= offsets.length; n++) {
            assertThat(tracker.nthUnfinished(n)).isEqualTo(offsets[n - 1]);
        }
        assertThat(tracker.nthUnfinished(offsets.length + 1)).isEqualTo(tracker.highest());
    }

    @Test
    void shouldHoldNoMemoryForWhatIsFinished() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        for (long offset = 0; offset < 20L * CHUNK; offset++) {
            tracker.admit(offset);
            tracker.finish(offset);
        }
        assertThat(tracker.chunks()).isEqualTo(1);
    }

    @Test
    void shouldMoveTheMarkOverEmptyChunks() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        tracker.admit(1);
        tracker.admit(CHUNK + 1);
        tracker.admit(5L * CHUNK);
        tracker.finish(CHUNK + 1);
        tracker.finish(1);
        assertThat(tracker.mark()).isEqualTo(5L * CHUNK);
        assertThat(tracker.toCommit(5L * CHUNK + 1)).isEqualTo(FinishedSet.empty(5L * CHUNK));
    }
}
