package io.millrace.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

final class DispatcherTest {
    private final ManualTimeSource time = new ManualTimeSource();
    private final ArrayDeque<Runnable> started = new ArrayDeque<>();
    private final ArrayList<String> ran = new ArrayList<>();

    @Test
    void shouldStartNoMoreWorkersThanPermits() {
        Dispatcher dispatcher = dispatcher(2);
        for (String lane : new String[] {"a", "b", "c", "d"}) {
            dispatcher.submit(() -> ran.add(lane));
        }
        assertThat(started).hasSize(2);
        assertThat(dispatcher.running()).isEqualTo(2);
        assertThat(dispatcher.waiting()).isEqualTo(4);
        runStarted();
        assertThat(ran).containsExactly("a", "b", "c", "d");
        assertThat(dispatcher.running()).isZero();
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void shouldHaveEachWorkerThatBeginsStartTheNext() {
        Dispatcher dispatcher = dispatcher(10);
        for (String lane : new String[] {"a", "b", "c", "d"}) {
            dispatcher.submit(() -> {
                ran.add(lane + ", on their way: " + started.size());
            });
        }
        assertThat(started).as("on their way").hasSize(2);
        started.remove().run();
        assertThat(ran)
                .containsExactly(
                        "a, on their way: 2",
                        "b, on their way: 2",
                        "c, on their way: 2",
                        "d, on their way: 2");
        runStarted();
        assertThat(dispatcher.running()).isZero();
    }

    @Test
    void shouldLetOneBatchThroughAtATry() {
        Dispatcher dispatcher = dispatcher(0);
        for (String lane : new String[] {"a", "b", "c"}) {
            dispatcher.submit(() -> {
                dispatcher.started(1);
                ran.add(lane + " goes on " + dispatcher.goesOn());
            });
        }
        dispatcher.tryOne();
        runStarted();
        assertThat(ran).containsExactly("a goes on false");
        dispatcher.tryOne();
        runStarted();
        assertThat(ran).hasSize(2);
        dispatcher.setPermits(1);
        runStarted();
        assertThat(ran).hasSize(3).last().isEqualTo("c goes on true");
        assertThat(dispatcher.isTrying()).isFalse();
    }

    @Test
    void shouldRunWorkInTheOrderInWhichItBecameReady() {
        Dispatcher dispatcher = dispatcher(1);
        dispatcher.submit(() -> {
            ran.add("a");
            dispatcher.submit(() -> ran.add("a again"));
        });
        dispatcher.submit(() -> ran.add("b"));
        runStarted();
        assertThat(ran).containsExactly("a", "b", "a again");
    }

    @Test
    void shouldOutliveWorkThatThrows() {
        Dispatcher dispatcher = dispatcher(1);
        dispatcher.submit(() -> {
            throw new IllegalStateException("planned");
        });
        dispatcher.submit(() -> {
            throw new AssertionError("planned");
        });
        dispatcher.submit(() -> ran.add("after"));
        runStarted();
        assertThat(ran).containsExactly("after");
        assertThat(dispatcher.running()).isZero();
    }

    @Test
    void shouldNotLeaveAnInterruptToTheNextWork() {
        Dispatcher dispatcher = dispatcher(1);
        dispatcher.submit(() -> Thread.currentThread().interrupt());
        dispatcher.submit(() -> ran.add("interrupted " + Thread.currentThread().isInterrupted()));
        runStarted();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(ran).containsExactly("interrupted false");
    }

    @Test
    void shouldGiveThePermitBackWhenNoThreadCanBeStarted() {
        var refuse = new AtomicInteger(1);
        var dispatcher =
                new Dispatcher(
                        1,
                        RateLimit.none(time),
                        task -> {
                            if (refuse.getAndDecrement() > 0) {
                                throw new RejectedExecutionException("no threads left");
                            }
                            started.add(task);
                        });
        assertThatThrownBy(() -> dispatcher.submit(() -> ran.add("a")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(dispatcher.running()).isZero();
        dispatcher.submit(() -> ran.add("b"));
        runStarted();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void shouldLoseNothingAndExceedNothingUnderStress() {
        int permits = 3;
        int perThread = 20_000;
        var dispatcher =
                new Dispatcher(
                        permits, RateLimit.none(time), task -> Thread.ofPlatform().start(task));
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        PooledWork work =
                () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    done.incrementAndGet();
                    running.decrementAndGet();
                };
        var submitters = new ArrayList<Thread>();
        for (int t = 0; t < 2; t++) {
            submitters.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < perThread; i++) {
                                    dispatcher.submit(work);
                                    if (i % 16 == 0) {
                                        // Lets the workers run dry: the race is at their end.
                                        Thread.onSpinWait();
                                    }
                                }
                            }));
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(done).hasValue(2 * perThread));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(dispatcher.running()).isZero());
        assertThat(most.get()).isLessThanOrEqualTo(permits);
        assertThat(dispatcher.waiting()).isZero();
        assertThat(submitters).noneMatch(Thread::isAlive);
    }

    @Test
    void shouldStartNothingWithoutPermitsAndEverythingWhenTheyCome() {
        Dispatcher dispatcher = dispatcher(0);
        for (String lane : new String[] {"a", "b", "c"}) {
            dispatcher.submit(() -> ran.add(lane));
        }
        assertThat(started).isEmpty();
        dispatcher.setPermits(2);
        assertThat(started).hasSize(2);
        runStarted();
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void shouldGiveWayWhenPermitsAreTakenAway() {
        Dispatcher dispatcher = dispatcher(2);
        dispatcher.submit(() -> {
            ran.add("a, goes on " + dispatcher.goesOn());
            dispatcher.setPermits(0);
            ran.add("then " + dispatcher.goesOn());
        });
        dispatcher.submit(() -> ran.add("b"));
        runStarted();
        assertThat(ran).containsExactly("a, goes on true", "then false");
        assertThat(dispatcher.waiting()).as("b waits").isEqualTo(1);
        assertThat(dispatcher.running()).isZero();
        dispatcher.setPermits(1);
        runStarted();
        assertThat(ran).endsWith("b");
    }

    @Test
    void shouldWaitForTheRateAndGoOnWhenItIsRefilled() {
        var rate = new RateLimit(10, time);
        var dispatcher = new Dispatcher(4, rate, started::add);
        for (String lane : new String[] {"a", "b", "c"}) {
            dispatcher.submit(() -> {
                ran.add(lane);
                dispatcher.started(1);
            });
        }
        runStarted();
        assertThat(ran).as("a burst of one").containsExactly("a");
        dispatcher.refill();
        assertThat(started).as("no tokens yet").isEmpty();
        time.advance(Duration.ofMillis(100));
        dispatcher.refill();
        runStarted();
        assertThat(ran).containsExactly("a", "b");
        assertThat(dispatcher.waiting()).isEqualTo(1);
        assertThat(dispatcher.running()).isZero();
    }

    private Dispatcher dispatcher(int permits) {
        return new Dispatcher(permits, RateLimit.none(time), started::add);
    }

    private void runStarted() {
        while (!started.isEmpty()) {
            started.remove().run();
        }
    }
}
