package io.millrace.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

final class RunningAttemptsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTimeSource time = new ManualTimeSource();
    private final ManualDeadlines deadlines = new ManualDeadlines();
    private final RunningAttempts attempts = new RunningAttempts(time, deadlines);
    private final ArrayList<String> expired = new ArrayList<>();

    @Test
    void shouldLetAnAttemptEndBeforeItsDeadline() {
        RunningAttempts.Attempt attempt = attempts.start(SECOND, () -> expired.add("a"));
        time.advance(SECOND.minusNanos(1));
        deadlines.look();
        assertThat(attempt.end()).isTrue();
        time.advance(SECOND);
        deadlines.look();
        assertThat(expired).isEmpty();
        assertThat(attempts.count()).isZero();
    }

    @Test
    void shouldEndAnAttemptAtItsDeadlineOnceAndInterruptItsThread() {
        RunningAttempts.Attempt attempt = attempts.start(SECOND, () -> expired.add("a"));
        time.advance(SECOND);
        deadlines.look();
        deadlines.look();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(attempt.end()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(expired).containsExactly("a");
    }

    @Test
    void shouldNotLeaveAnInterruptOfTheHandlerItself() {
        RunningAttempts.Attempt attempt = attempts.start(SECOND, () -> {});
        Thread.currentThread().interrupt();
        assertThat(attempt.end()).isTrue();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void shouldGoOnWatchingWhenAReportCannotBeMade() {
        RunningAttempts.Attempt first =
                attempts.start(
                        SECOND,
                        () -> {
                            throw new IllegalStateException("planned");
                        });
        time.advance(SECOND);
        deadlines.look();
        assertThat(first.end()).isFalse();
        RunningAttempts.Attempt second = attempts.start(SECOND, () -> expired.add("b"));
        time.advance(SECOND);
        deadlines.look();
        assertThat(second.end()).isFalse();
        assertThat(expired).containsExactly("b");
    }

    @Test
    void shouldStopWatchingWhenClosed() {
        attempts.close();
        assertThat(deadlines.isCancelled()).isTrue();
    }

    @Test
    void shouldEndEachAttemptExactlyOnceUnderStress() throws InterruptedException {
        int rounds = 100_000;
        var byDeadline = new AtomicInteger();
        var stop = new AtomicBoolean();
        Thread watcher =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!stop.get()) {
                                deadlines.look();
                            }
                        });
        int byHandler = 0;
        int leaked = 0;
        for (int i = 0; i < rounds; i++) {
            RunningAttempts.Attempt attempt =
                    attempts.start(Duration.ZERO, byDeadline::incrementAndGet);
            for (int spin = i % 50; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            if (attempt.end()) {
                byHandler++;
            }
            if (Thread.interrupted()) {
                leaked++;
            }
        }
        stop.set(true);
        watcher.join();
        assertThat(byHandler + byDeadline.get()).isEqualTo(rounds);
        assertThat(leaked).as("interrupts that reached later work").isZero();
        assertThat(byDeadline.get()).as("races that the deadline won").isPositive();
        assertThat(attempts.count()).isZero();
    }
}
