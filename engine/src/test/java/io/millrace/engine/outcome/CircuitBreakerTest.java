package io.millrace.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.LoadPolicy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

final class CircuitBreakerTest {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Close to the overflow of the clock. */
    private static final long NOW = Long.MAX_VALUE - 1_000;

    private static final long LATER = NOW + PAUSE.toNanos();
    private static final int LIMIT = 8;

    private final CircuitBreaker breaker =
            new CircuitBreaker(Optional.of(new LoadPolicy.Breaker(4, 50, PAUSE)));

    @Test
    void shouldNeverOpenWithoutARule() {
        var none = new CircuitBreaker(Optional.empty());
        for (int i = 0; i < 10_000; i++) {
            none.attempted(false, "no luck", NOW);
        }
        assertThat(none.isOpen()).isFalse();
        assertThat(none.permits(LIMIT, NOW)).isEqualTo(LIMIT);
    }

    @Test
    void shouldNotOpenBeforeItHasSeenEnough() {
        fail(3);
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.reason()).isEmpty();
        assertThat(breaker.permits(LIMIT, NOW)).isEqualTo(LIMIT);
    }

    @Test
    void shouldOpenAtTheShareOfFailedAttempts() {
        succeed(2);
        fail(1);
        assertThat(breaker.isOpen()).isFalse();
        fail(1);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.reason()).contains("no luck");
        assertThat(breaker.permits(LIMIT, NOW)).isZero();
    }

    @Test
    void shouldForgetAttemptsThatAreLongAgo() {
        fail(1);
        succeed(3);
        // The failure leaves the window, so one more is one of four.
        succeed(1);
        fail(1);
        assertThat(breaker.isOpen()).isFalse();
        fail(1);
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void shouldLetOneAttemptThroughAfterThePause() {
        fail(4);
        assertThat(breaker.permits(LIMIT, LATER - 1)).isZero();
        assertThat(breaker.permits(LIMIT, LATER)).isEqualTo(1);
        assertThat(breaker.permits(LIMIT, LATER + 1)).as("until it is decided").isEqualTo(1);
        assertThat(breaker.isOpen()).as("still open").isTrue();
        assertThat(breaker.permits(0, LATER)).as("never more than the limit").isZero();
    }

    @Test
    void shouldCloseWhenTheProbeSucceeds() {
        fail(4);
        breaker.permits(LIMIT, LATER);
        breaker.attempted(true, "", LATER);
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.reason()).isEmpty();
        assertThat(breaker.permits(LIMIT, LATER)).isEqualTo(LIMIT);
    }

    @Test
    void shouldPauseAgainWhenTheProbeFails() {
        fail(4);
        breaker.permits(LIMIT, LATER);
        breaker.attempted(false, "still down", LATER);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.reason()).contains("still down");
        assertThat(breaker.permits(LIMIT, LATER + PAUSE.toNanos() - 1)).isZero();
        assertThat(breaker.permits(LIMIT, LATER + PAUSE.toNanos())).isEqualTo(1);
    }

    /** Attempts that were running when it opened. */
    @Test
    void shouldNotCloseForASuccessThatWasNoProbe() {
        fail(4);
        breaker.attempted(true, "", NOW + 1);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.permits(LIMIT, NOW + 1)).isZero();
    }

    @Test
    void shouldStayOpenForFailuresThatComeLate() {
        fail(4);
        breaker.attempted(false, "late", NOW + PAUSE.toNanos() / 2);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.permits(LIMIT, LATER)).as("the pause began anew").isZero();
    }

    @Test
    void shouldCountFromTheBeginningAfterItClosed() {
        fail(4);
        breaker.permits(LIMIT, LATER);
        breaker.attempted(true, "", LATER);
        fail(3);
        assertThat(breaker.isOpen()).as("three of no four yet").isFalse();
        fail(1);
        assertThat(breaker.isOpen()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.attempted(false, "no luck", NOW);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            breaker.attempted(true, "", NOW);
        }
    }
}
