package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class PollWakerTest {
    private final PollWaker waker = new PollWaker();
    private final AtomicInteger wakeups = new AtomicInteger();

    @Test
    void shouldNotWakeOutsideAPoll() {
        waker.wake(wakeups::incrementAndGet);
        waker.enter();
        waker.leave();
        waker.wake(wakeups::incrementAndGet);
        assertThat(wakeups).hasValue(0);
    }

    @Test
    void shouldWakeOncePerPoll() {
        waker.enter();
        waker.wake(wakeups::incrementAndGet);
        waker.wake(wakeups::incrementAndGet);
        waker.leave();
        assertThat(wakeups).hasValue(1);
        waker.enter();
        waker.wake(wakeups::incrementAndGet);
        assertThat(wakeups).hasValue(2);
    }

    /** A poll here has no timeout: one lost wake-up and the test stands still. */
    @Test
    void shouldNeverLetAReportWaitInAPoll() throws InterruptedException {
        int reporters = 3;
        int reportsEach = 30_000;
        var reports = new ConcurrentLinkedQueue<Integer>();
        var flag = new Semaphore(0);
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < reporters; t++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < reportsEach; i++) {
                                    reports.add(i);
                                    waker.wake(() -> {
                                        wakeups.incrementAndGet();
                                        flag.release();
                                    });
                                }
                            }));
        }
        int polls = 0;
        int seen = 0;
        while (seen < reporters * reportsEach) {
            waker.enter();
            polls++;
            if (reports.isEmpty()) {
                assertThat(flag.tryAcquire(20, TimeUnit.SECONDS)).as("lost wake-up").isTrue();
            }
            waker.leave();
            while (reports.poll() != null) {
                seen++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wakeups.get()).isLessThanOrEqualTo(polls);
    }
}
