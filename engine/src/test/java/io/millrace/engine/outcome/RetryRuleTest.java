package io.millrace.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

final class RetryRuleTest {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final RetryPolicy THREE = RetryPolicy.of(3, FIRST, MAX);
    private static final long PUBLISHED = 1_000_000;

    private final RetryRule rule = rule(THREE);

    @ParameterizedTest
    @CsvSource({
        "UNDECODABLE, DECODE_ERROR",
        "SCHEMA_NOT_FOUND, SCHEMA_NOT_FOUND",
        "FILTER_FAILED, FILTER_ERROR",
        "NON_RETRYABLE, NON_RETRYABLE",
        "TOO_LARGE, MAXIMUM_PAYLOAD_SIZE_EXCEEDED",
        "EXPIRED, RECORD_AGE_EXCEEDED",
        "RECURSION, RECURSION_STOPPED",
        "SKIPPED, SKIPPED_BY_OPERATOR"
    })
    void shouldSettleAtOnceWhatCannotGetBetter(Kind kind, Condition condition) {
        Failure failure = Samples.failure(kind);
        assertThat(rule.end(failure, 1)).contains(new Outcome.Failed(condition, failure));
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTION_ERROR", "TIMED_OUT", "ENVIRONMENT_LOST"})
    void shouldTryAgainUntilTheAttemptsAreUsedUp(Kind kind) {
        Failure failure = Samples.failure(kind);
        assertThat(rule.end(failure, 1)).isEmpty();
        assertThat(rule.end(failure, 2)).isEmpty();
        assertThat(rule.end(failure, 3))
                .contains(new Outcome.Failed(Condition.RETRY_ATTEMPTS_EXHAUSTED, failure));
    }

    @Test
    void shouldNotTryAgainWhenThereIsOneAttempt() {
        RetryRule once = rule(RetryPolicy.of(1, FIRST, MAX));
        assertThat(once.end(Samples.FAILURE, 1)).isPresent();
    }

    @Test
    void shouldTryAgainForEverWhenThePolicySaysSo() {
        RetryRule endless = rule(RetryPolicy.of(RetryPolicy.ENDLESS, FIRST, MAX));
        assertThat(endless.end(Samples.FAILURE, Integer.MAX_VALUE - 1)).isEmpty();
    }

    @Test
    void shouldTryAgainForEverWhenSomethingElseIsAway() {
        for (int strikes = 0; strikes <= 10; strikes++) {
            assertThat(rule.end(Samples.failure(Kind.UNAVAILABLE), strikes)).isEmpty();
        }
    }

    @Test
    void shouldNotHammerWhatIsAwayWhenRetriesAreImmediate() {
        RetryRule eager = rule(RetryPolicy.of(3, Duration.ZERO, Duration.ZERO));
        assertThat(delay(eager, 0)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(delay(eager, 1)).isZero();
    }

    @Test
    void shouldLookForWhatIsAwayEverySecondAtLeast() {
        Duration hour = Duration.ofHours(1);
        assertThat(delay(rule(RetryPolicy.of(3, hour, hour)), 0))
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldDoubleTheDelayUpToItsBoundAndSpreadIt() {
        RetryRule patient = rule(RetryPolicy.of(10_000, FIRST, MAX));
        for (int strikes = 1; strikes < 10_000; strikes++) {
            Duration full = strikes > 8 ? MAX : FIRST.multipliedBy(1L << (strikes - 1));
            Duration bound = full.compareTo(MAX) > 0 ? MAX : full;
            assertThat(delay(patient, strikes))
                    .as("strike %s", strikes)
                    .isBetween(bound.dividedBy(2), bound);
        }
    }

    @Test
    void shouldNotOverflowWithTheLongestDelays() {
        var centuries = Duration.ofDays(100 * 365);
        RetryRule slow = rule(RetryPolicy.of(100, FIRST, centuries));
        for (int strikes = 1; strikes < 100; strikes++) {
            assertThat(delay(slow, strikes)).isBetween(Duration.ZERO, centuries);
        }
    }

    @Test
    void shouldChooseDifferentDelays() {
        long different = IntStream.range(0, 100).mapToObj(_ -> delay(rule, 1)).distinct().count();
        assertThat(different).isGreaterThan(90);
    }

    @Test
    void shouldEndTheDelayWhenTheEventExpires() {
        Duration hour = Duration.ofHours(1);
        RetryPolicy policy = RetryPolicy.of(3, hour, hour).withMaxAge(Duration.ofSeconds(60));
        RawEvent event = published();
        long now = PUBLISHED + 20_000;
        Duration delay = rule(policy).delay(1, event, now);
        assertThat(delay).isEqualTo(Duration.ofMillis(40_001));
        long then = now + delay.toMillis();
        assertThat(RetryRule.isExpired(policy, event, then)).as("right at its end").isTrue();
        assertThat(RetryRule.isExpired(policy, event, then - 1)).isFalse();
    }

    @Test
    void shouldNotWaitForWhatHasExpired() {
        RetryPolicy policy = THREE.withMaxAge(Duration.ofSeconds(60));
        assertThat(rule(policy).delay(1, published(), PUBLISHED + 100_000)).isZero();
    }

    @Test
    void shouldTakeAnEventOfTheFutureForNew() {
        RetryPolicy policy = THREE.withMaxAge(Duration.ofSeconds(60));
        assertThat(RetryRule.isExpired(policy, published(), PUBLISHED - 1_000_000)).isFalse();
        assertThat(RetryRule.isExpired(THREE, published(), Long.MAX_VALUE)).isFalse();
    }

    private static RetryRule rule(RetryPolicy policy) {
        return new RetryRule(policy, new SplittableRandom(1));
    }

    private static Duration delay(RetryRule rule, int strikes) {
        return rule.delay(strikes, published(), PUBLISHED);
    }

    private static RawEvent published() {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, 1),
                Payload.NULL,
                Payload.of("v"),
                List.of(),
                PUBLISHED);
    }
}
