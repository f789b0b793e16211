package io.millrace.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.SplittableRandom;

final class DispositionRuleTest {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final RetryPolicy THREE = RetryPolicy.of(3, FIRST, MAX);

    private final DispositionRule rule = new DispositionRule(THREE, new SplittableRandom(1));

    @ParameterizedTest
    @CsvSource({
        "UNDECODABLE, DECODE_ERROR",
        "NON_RETRYABLE, NON_RETRYABLE",
        "TOO_LARGE, MAXIMUM_PAYLOAD_SIZE_EXCEEDED"
    })
    void shouldSettleAtOnceWhatCannotGetBetter(Kind kind, Condition condition) {
        Failure failure = Samples.failure(kind);
        assertThat(rule.decide(failure, 1))
                .isEqualTo(new Disposition.Settle(new Outcome.Failed(condition, failure)));
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTION_ERROR", "TIMED_OUT", "ENVIRONMENT_LOST"})
    void shouldTryAgainUntilTheAttemptsAreUsedUp(Kind kind) {
        Failure failure = Samples.failure(kind);
        assertThat(retry(rule.decide(failure, 1)).nextAttempt()).isEqualTo(2);
        assertThat(retry(rule.decide(failure, 2)).nextAttempt()).isEqualTo(3);
        assertThat(rule.decide(failure, 3))
                .isEqualTo(
                        new Disposition.Settle(
                                new Outcome.Failed(Condition.RETRY_ATTEMPTS_EXHAUSTED, failure)));
    }

    @Test
    void shouldNotTryAgainWhenThereIsOneAttempt() {
        var once = new DispositionRule(RetryPolicy.of(1, FIRST, MAX), new SplittableRandom(1));
        assertThat(once.decide(Samples.FAILURE, 1)).isInstanceOf(Disposition.Settle.class);
    }

    @Test
    void shouldTryAgainForEverAndWithoutCountingWhenSomethingElseIsAway() {
        Failure failure = Samples.failure(Kind.UNAVAILABLE);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(retry(rule.decide(failure, attempt)).nextAttempt()).isEqualTo(attempt);
        }
    }

    @Test
    void shouldNotHammerWhatIsAwayWhenRetriesAreImmediate() {
        var eager =
                new DispositionRule(
                        RetryPolicy.of(3, Duration.ZERO, Duration.ZERO), new SplittableRandom(1));
        assertThat(retry(eager.decide(Samples.failure(Kind.UNAVAILABLE), 1)).delay())
                .isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(retry(eager.decide(Samples.FAILURE, 1)).delay()).isZero();
    }

    @Test
    void shouldDoubleTheDelayUpToItsBoundAndSpreadIt() {
        var patient =
                new DispositionRule(RetryPolicy.of(10_000, FIRST, MAX), new SplittableRandom(2));
        for (int attempt = 1; attempt < 10_000; attempt++) {
            Duration full = attempt > 8 ? MAX : FIRST.multipliedBy(1L << (attempt - 1));
            Duration bound = full.compareTo(MAX) > 0 ? MAX : full;
            Duration delay = retry(patient.decide(Samples.FAILURE, attempt)).delay();
            assertThat(delay).as("attempt %s", attempt).isBetween(bound.dividedBy(2), bound);
        }
    }

    @Test
    void shouldNotOverflowWithTheLongestDelays() {
        var centuries = Duration.ofDays(100 * 365);
        var rule =
                new DispositionRule(RetryPolicy.of(100, FIRST, centuries), new SplittableRandom(3));
        for (int attempt = 1; attempt < 100; attempt++) {
            assertThat(retry(rule.decide(Samples.FAILURE, attempt)).delay())
                    .isBetween(Duration.ZERO, centuries);
        }
    }

    @Test
    void shouldChooseDifferentDelays() {
        long different =
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(_ -> retry(rule.decide(Samples.FAILURE, 1)).delay())
                        .distinct()
                        .count();
        assertThat(different).isGreaterThan(90);
    }

    private static Disposition.Retry retry(Disposition disposition) {
        assertThat(disposition).isInstanceOf(Disposition.Retry.class);
        return (Disposition.Retry) disposition;
    }
}
