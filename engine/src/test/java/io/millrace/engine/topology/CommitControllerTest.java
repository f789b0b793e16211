package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Guarantee;
import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class CommitControllerTest {
    private final ManualTimeSource time = new ManualTimeSource();
    private final CommitController commits = new CommitController(Guarantee.EXACTLY_ONCE);

    @Test
    void shouldNotAskWhenNothingWasApplied() {
        time.advance(Duration.ofSeconds(10));
        assertThat(commits.isDue(true, 0, time.nanos())).isFalse();
        assertThat(commits.isOverdue(time.nanos())).isFalse();
    }

    @Test
    void shouldAskFiveMillisecondsAfterTheOldestOutcome() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(4));
        commits.applied(1, 0, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(commits.isDue(false, 0, time.nanos())).isTrue();
    }

    @Test
    void shouldAskAMillisecondAfterTheLastOutcomeWhenNothingRuns() {
        commits.applied(1, 0, time.nanos());
        assertThat(commits.isDue(true, 0, time.nanos())).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(commits.isDue(false, 0, time.nanos())).isFalse();
        assertThat(commits.isDue(true, 0, time.nanos())).isTrue();
    }

    @Test
    void shouldAskAtOnceWhenMuchWasApplied() {
        commits.applied(9_999, 0, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).isFalse();
        commits.applied(1, 0, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).isTrue();
    }

    @Test
    void shouldAskOncePerTransaction() {
        commits.applied(10_000, 0, time.nanos());
        assertThat(commits.isDue(true, 0, time.nanos())).isTrue();
        commits.applied(10_000, 0, time.nanos());
        time.advance(Duration.ofSeconds(1));
        assertThat(commits.isDue(true, 0, time.nanos())).isFalse();
        commits.committed();
        assertThat(commits.isDue(true, 0, time.nanos())).as("nothing applied since").isFalse();
        commits.applied(10_000, 0, time.nanos());
        assertThat(commits.isDue(true, 0, time.nanos())).isTrue();
    }

    @Test
    void shouldBeOverdueASecondAfterItAsked() {
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofSeconds(30));
        assertThat(commits.isOverdue(time.nanos())).as("not asked for yet").isFalse();
        commits.isDue(true, 0, time.nanos());
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
        assertThat(commits.isDue(true, 0, time.nanos())).isFalse();
        commits.applied(1, 0, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).as("the oldest is new").isFalse();
    }

    @Test
    void shouldWaitNineTimesAsLongAsACommitTakes() {
        long slow = Duration.ofMillis(40).toNanos();
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(359));
        assertThat(commits.isDue(false, slow, time.nanos())).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(commits.isDue(false, slow, time.nanos())).isTrue();
    }

    @Test
    void shouldNotMakeAQuietPartitionWaitForSlowCommits() {
        long slow = Duration.ofMillis(40).toNanos();
        commits.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(1));
        assertThat(commits.isDue(true, slow, time.nanos())).isTrue();
    }

    @Test
    void shouldAskAtOnceWhenManyBytesWereWritten() {
        commits.applied(1, 16L * 1024 * 1024 - 1, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).isFalse();
        commits.applied(1, 1, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).isTrue();
        commits.committed();
        commits.applied(1, 1, time.nanos());
        assertThat(commits.isDue(false, 0, time.nanos())).as("counted anew").isFalse();
    }

    @Test
    void shouldTakeItsTimeWhereReadersDoNotWaitForTheCommit() {
        var relaxed = new CommitController(Guarantee.AT_LEAST_ONCE);
        relaxed.applied(1, 0, time.nanos());
        time.advance(Duration.ofMillis(99));
        assertThat(relaxed.isDue(true, 0, time.nanos())).as("not even when quiet").isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(relaxed.isDue(true, 0, time.nanos())).isTrue();
    }
}
