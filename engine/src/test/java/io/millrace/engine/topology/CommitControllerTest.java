package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.offsets.CommitPolicy;
import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class CommitControllerTest {
    private final ManualTimeSource time = new ManualTimeSource();
    private final CommitController commits = controller(Guarantee.EXACTLY_ONCE);

    @Test
    void shouldNotAskWhenNothingWasApplied() {
        time.advance(Duration.ofSeconds(10));
        assertThat(isDue(true)).isFalse();
        assertThat(commits.isOverdue(time.nanos())).isFalse();
    }

    @Test
    void shouldAskFiveMillisecondsAfterTheOldestOutcome() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(4));
        commits.applied(1, 0, time.nanos());
        assertThat(isDue(false)).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(isDue(false)).isTrue();
    }

    @Test
    void shouldAskAMillisecondAfterTheLastOutcomeWhenNothingRuns() {
        commits.applied(1, 0, time.nanos());
        assertThat(isDue(true)).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(isDue(false)).isFalse();
        assertThat(isDue(true)).isTrue();
    }

    @Test
    void shouldSayWhenItIsGoingToAskIfNothingElseHappens() {
        assertThat(dueIn(true))
                .as("nothing was applied")
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        commits.applied(1, 0, time.nanos());
        assertThat(dueIn(false)).isEqualTo(Duration.ofMillis(5));
        assertThat(dueIn(true)).isEqualTo(Duration.ofMillis(1));
        time.advance(Duration.ofMillis(4));
        commits.applied(1, 0, time.nanos());
        assertThat(dueIn(true)).as("the oldest has waited").isEqualTo(Duration.ofMillis(1));
        time.advance(Duration.ofMillis(1));
        assertThat(dueIn(false)).isZero();
        var unpaid =
                new CommitController.Load(
                        true,
                        Duration.ofMillis(8).toNanos(),
                        Duration.ofMillis(2).toNanos(),
                        Duration.ofMillis(9).toNanos());
        assertThat(commits.dueIn(unpaid, time.nanos())).isEqualTo(Duration.ofMillis(5).toNanos());
        assertThat(isDue(false)).isTrue();
        assertThat(dueIn(true)).as("asked").isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void shouldAskAtOnceWhenMuchWasApplied() {
        commits.applied(9_999, 0, time.nanos());
        assertThat(isDue(false)).isFalse();
        commits.applied(1, 0, time.nanos());
        assertThat(isDue(false)).isTrue();
    }

    @Test
    void shouldAskOncePerTransaction() {
        commits.applied(10_000, 0, time.nanos());
        assertThat(isDue(true)).isTrue();
        commits.applied(10_000, 0, time.nanos());
        time.advance(Duration.ofSeconds(1));
        assertThat(isDue(true)).isFalse();
        commits.committed();
        assertThat(isDue(true)).as("nothing applied since").isFalse();
        commits.applied(10_000, 0, time.nanos());
        assertThat(isDue(true)).isTrue();
    }

    @Test
    void shouldBeOverdueASecondAfterItAsked() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofSeconds(30));
        assertThat(commits.isOverdue(time.nanos())).as("not asked for yet").isFalse();
        assertThat(isDue(true)).isTrue();
        time.advance(Duration.ofMillis(999));
        assertThat(commits.isOverdue(time.nanos())).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(commits.isOverdue(time.nanos())).isTrue();
        commits.committed();
        assertThat(commits.isOverdue(time.nanos())).isFalse();
    }

    @Test
    void shouldNotAgeByAttemptsThatSettledNothing() {
        commits.applied(0, 0, time.nanos());
        time.advance(Duration.ofMillis(20));
        assertThat(isDue(true)).isFalse();
        commits.applied(1, 0, time.nanos());
        assertThat(isDue(false)).as("the oldest is new").isFalse();
    }

    @Test
    void shouldWaitUntilABusyThreadHasWorkedNineTimesACommit() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(60));
        assertThat(isDue(0, 8)).isFalse();
        assertThat(isDue(0, 9)).isTrue();
    }

    @Test
    void shouldTakeTheTimeOfAnIdleThreadForACommit() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(5));
        assertThat(isDue(0.5, 4)).isFalse();
        assertThat(isDue(1, 0)).isTrue();
    }

    @Test
    void shouldAskAtOnceWhenMuchWasAppliedThoughNothingIsPaidFor() {
        commits.applied(10_000, 0, time.nanos());
        assertThat(isDue(0, 0)).isTrue();
    }

    @Test
    void shouldAskAtOnceWhenManyBytesWereWritten() {
        commits.applied(1, 16L * 1024 * 1024 - 1, time.nanos());
        assertThat(isDue(false)).isFalse();
        commits.applied(1, 1, time.nanos());
        assertThat(isDue(false)).isTrue();
        commits.committed();
        commits.applied(1, 1, time.nanos());
        assertThat(isDue(false)).as("counted anew").isFalse();
    }

    @Test
    void shouldTakeItsTimeWhereReadersDoNotWaitForTheCommit() {
        var relaxed = controller(Guarantee.AT_LEAST_ONCE);
        relaxed.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(99));
        assertThat(relaxed.isDue(QUIET, time.nanos())).as("not even when quiet").isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(relaxed.isDue(QUIET, time.nanos())).isTrue();
    }

    private static CommitController controller(Guarantee guarantee) {
        return new CommitController(
                EngineLimits.DEFAULT.commits(), guarantee, CommitPolicy.WATERMARK);
    }

    private static final CommitController.Load QUIET = new CommitController.Load(true, 0, 0, 0);

    private boolean isDue(boolean nothingRuns) {
        return commits.isDue(new CommitController.Load(nothingRuns, 0, 0, 0), time.nanos());
    }

    private Duration dueIn(boolean nothingRuns) {
        return Duration.ofNanos(
                commits.dueIn(new CommitController.Load(nothingRuns, 0, 0, 0), time.nanos()));
    }

    /** Of a thread whose commits take 1 ms; times are in milliseconds. */
    private boolean isDue(double idle, double busy) {
        var load =
                new CommitController.Load(
                        false, 1_000_000, (long) (idle * 1e6), (long) (busy * 1e6));
        return commits.isDue(load, time.nanos());
    }
}
