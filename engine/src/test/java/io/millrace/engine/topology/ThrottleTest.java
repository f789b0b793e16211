package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayDeque;

final class ThrottleTest {
    private final ManualTimeSource time = new ManualTimeSource();
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final RateLimit rate = RateLimit.none(time);
    private final Dispatcher dispatcher = new Dispatcher(0, rate, threads::add);

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 12", "7, 3", "12, 12", "100, 7", "50, 64", "100000, 1000"})
    void shouldShareExactlyTheLimitOverAllPartitions(int permits, int partitions) {
        int sum = 0;
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int partition = 0; partition < partitions; partition++) {
            int share = Throttle.shareOf(permits, partitions, partition);
            sum += share;
            least = Math.min(least, share);
            most = Math.max(most, share);
        }
        assertThat(sum).isEqualTo(permits);
        assertThat(most - least).as("fair").isLessThanOrEqualTo(1);
    }

    @Test
    void shouldPermitNothingWithoutPartitions() {
        Throttle throttle = throttle(LoadPolicy.of(10), false, 4);
        throttle.tick(time.nanos());
        assertThat(dispatcher.permits()).isZero();
    }

    @Test
    void shouldUseTheSharesOfThePartitionsItOwns() {
        Throttle throttle = throttle(LoadPolicy.of(10), false, 4);
        throttle.opened(0);
        assertThat(permits(throttle)).isEqualTo(3);
        throttle.opened(3);
        assertThat(permits(throttle)).isEqualTo(5);
        throttle.closed(0);
        assertThat(permits(throttle)).isEqualTo(2);
        throttle.closed(3);
        assertThat(permits(throttle)).isZero();
    }

    @Test
    void shouldRunNothingWhileItsPartitionsCarryNoShare() {
        Throttle throttle = throttle(LoadPolicy.of(2), false, 4);
        throttle.opened(3);
        assertThat(permits(throttle)).isZero();
        throttle.opened(1);
        assertThat(permits(throttle)).isEqualTo(1);
    }

    @Test
    void shouldStartNothingWhilePaused() {
        Throttle throttle = throttle(LoadPolicy.of(10), true, 4);
        throttle.opened(0);
        dispatcher.submit(() -> {});
        assertThat(permits(throttle)).isZero();
        assertThat(threads).isEmpty();
    }

    @Test
    void shouldStartNothingWhileTheBreakerIsOpenAndOneAfterIt() {
        var rule = new LoadPolicy.Breaker(2, 100, Duration.ofSeconds(5));
        Throttle throttle = throttle(LoadPolicy.of(10).withBreaker(rule), false, 1);
        throttle.opened(0);
        assertThat(permits(throttle)).isEqualTo(10);
        for (int i = 0; i < 2; i++) {
            throttle.breaker().attempted(false, "no luck", time.nanos());
        }
        assertThat(permits(throttle)).isZero();
        for (int i = 0; i < 3; i++) {
            dispatcher.submit(() -> {});
        }
        time.advance(Duration.ofSeconds(5));
        assertThat(permits(throttle)).isEqualTo(1);
        assertThat(threads).as("one probe").hasSize(1);
        throttle.breaker().attempted(true, "", time.nanos());
        assertThat(permits(throttle)).isEqualTo(10);
    }

    @Test
    void shouldShareTheRateToo() {
        Throttle throttle = throttle(LoadPolicy.of(10).withRate(400), false, 4);
        throttle.opened(1);
        assertThat(burst()).as("a tenth of a second at 100 a second").isEqualTo(10);
        time.advance(Duration.ofSeconds(1));
        throttle.opened(2);
        time.advance(Duration.ofSeconds(1));
        assertThat(burst()).isEqualTo(20);
    }

    @Test
    void shouldStartWhatWaitedForTheRate() {
        Throttle throttle = throttle(LoadPolicy.of(10).withRate(10), false, 1);
        throttle.opened(0);
        throttle.tick(time.nanos());
        rate.debit(1);
        dispatcher.submit(() -> {});
        assertThat(threads).isEmpty();
        time.advance(Duration.ofMillis(100));
        throttle.tick(time.nanos());
        assertThat(threads).hasSize(1);
    }

    private int burst() {
        int started = 0;
        while (rate.isOpen() && started < 1_000) {
            rate.debit(1);
            started++;
        }
        return started;
    }

    private int permits(Throttle throttle) {
        throttle.tick(time.nanos());
        return dispatcher.permits();
    }

    private Throttle throttle(LoadPolicy load, boolean paused, int partitions) {
        var breaker = new CircuitBreaker(load.breaker());
        return new Throttle(load, paused, partitions, dispatcher, rate, breaker);
    }
}
