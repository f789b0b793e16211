package io.millrace.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.time.ManualTimeSource;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class RateLimitTest {
    private final ManualTimeSource time = new ManualTimeSource();

    @Test
    void shouldLetEverythingThroughWithoutALimit() {
        RateLimit none = RateLimit.none(time);
        none.debit(Integer.MAX_VALUE);
        assertThat(none.isOpen()).isTrue();
    }

    @Test
    void shouldBeginWithABurstOfATenthOfASecond() {
        var limit = new RateLimit(100, time);
        assertThat(started(limit)).isEqualTo(10);
    }

    @Test
    void shouldLetAtLeastOneEventThroughHoweverLowTheRate() {
        var limit = new RateLimit(0.01, time);
        assertThat(started(limit)).isEqualTo(1);
        time.advance(Duration.ofSeconds(99));
        assertThat(limit.isOpen()).isFalse();
        time.advance(Duration.ofSeconds(1).plusMillis(1));
        assertThat(limit.isOpen()).isTrue();
    }

    @Test
    void shouldKeepTheRateOverTime() {
        var limit = new RateLimit(50, time);
        int started = 0;
        for (int tick = 0; tick < 10_000; tick++) {
            started += started(limit);
            time.advance(Duration.ofMillis(1));
        }
        assertThat(started).isBetween(495, 506);
    }

    @Test
    void shouldMakeUpForABatchThatWasMoreThanThereWas() {
        var limit = new RateLimit(100, time);
        limit.debit(110);
        assertThat(limit.isOpen()).isFalse();
        time.advance(Duration.ofMillis(1_005));
        assertThat(limit.isOpen()).as("a hundred are owed, and one needed").isFalse();
        time.advance(Duration.ofMillis(10));
        assertThat(limit.isOpen()).isTrue();
    }

    @Test
    void shouldNotSaveUpMoreThanABurst() {
        var limit = new RateLimit(100, time);
        time.advance(Duration.ofHours(1));
        assertThat(started(limit)).isEqualTo(10);
    }

    @Test
    void shouldKeepWhatIsOwedWhenTheRateChanges() {
        var limit = new RateLimit(10, time);
        limit.debit(11);
        limit.set(100);
        assertThat(limit.isOpen()).isFalse();
        time.advance(Duration.ofMillis(111));
        assertThat(limit.isOpen()).isTrue();
    }

    @Test
    void shouldTakeALimitThatComesLater() {
        RateLimit limit = RateLimit.none(time);
        limit.set(10);
        assertThat(started(limit)).isEqualTo(1);
        time.advance(Duration.ofMillis(100));
        assertThat(started(limit)).isEqualTo(1);
    }

    private static int started(RateLimit limit) {
        int started = 0;
        while (limit.isOpen() && started < 1_000) {
            limit.debit(1);
            started++;
        }
        return started;
    }
}
