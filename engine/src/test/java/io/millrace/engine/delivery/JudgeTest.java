package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.done;
import static io.millrace.engine.delivery.MachineRig.failedItem;
import static io.millrace.engine.delivery.MachineRig.offsets;
import static io.millrace.engine.delivery.MachineRig.settledOffsets;
import static io.millrace.engine.model.Samples.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.outcome.RetryRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

final class JudgeTest {
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final RetryPolicy THREE = RetryPolicy.of(3, DELAY, DELAY);
    private static final long NOW = 5_000;

    private final Lane lane = new LaneTable(LanePolicy.BY_PARTITION, 1).lane(0);
    private PartialAnswer answer = PartialAnswer.CHECKPOINT;
    private RetryPolicy retry = THREE;
    private boolean forgiving;

    @Test
    void shouldTryEverythingBehindTheCheckpointAgain() {
        Decision decision = judge(work(4), done(), failedItem(Kind.FUNCTION_ERROR), done(), done());
        assertThat(settledOffsets(decision)).containsExactly(0L);
        assertThat(retained(decision)).containsExactly(List.of(1L, 2L, 3L));
        assertThat(decision.delay()).isBetween(DELAY.dividedBy(2), DELAY);
    }

    @Test
    void shouldTryOnlyWhatFailedAgainWhenItemsWereAnswered() {
        answer = PartialAnswer.ITEMS;
        Decision decision =
                judge(
                        work(4),
                        failedItem(Kind.FUNCTION_ERROR),
                        done(),
                        failedItem(Kind.FUNCTION_ERROR),
                        done());
        assertThat(settledOffsets(decision)).containsExactly(1L, 3L);
        assertThat(retained(decision)).as("one new batch").containsExactly(List.of(0L, 2L));
        Progress progress = decision.retained().getFirst().progress();
        assertThat(progress).as("the count goes on (DEF-16)").isEqualTo(new Progress(1, 1, NOW));
    }

    @Test
    void shouldKeepTheCountWhenNothingWasSettledBeforeTheCheckpoint() {
        Decision decision = judge(work(2), failedItem(Kind.FUNCTION_ERROR), done());
        assertThat(decision.retained().getFirst().progress()).isEqualTo(new Progress(1, 1, NOW));
    }

    @Test
    void shouldCountAnewWhenTheCheckpointMoves() {
        var tried = new Work(work(2).events(), new Progress(2, 2, 7), false);
        // The second strike of the batch, the first of what is left of it.
        Decision decision = judge(tried, done(), failedItem(Kind.UNAVAILABLE));
        assertThat(decision.retained().getFirst().progress()).isEqualTo(new Progress(3, 0, 7));
    }

    /** Recorded: deliveries 1, 1, 1, 1, 1, 5; one failure record with an invoke count of 4. */
    @Test
    void shouldDeliverAsRecordedWhenTheLastOfSixAlwaysFails() {
        retry = RetryPolicy.of(4, DELAY, DELAY);
        Work batch = Work.of(events(3, 6), Progress.NONE);
        Decision decision = judge(batch, done(), done(), failedItem(Kind.FUNCTION_ERROR));
        assertThat(settledOffsets(decision)).containsExactly(3L, 4L);
        int deliveries = 1;
        while (!decision.retained().isEmpty()) {
            assertThat(retained(decision)).containsExactly(List.of(5L));
            decision = judge(decision.retained().getFirst(), failedItem(Kind.FUNCTION_ERROR));
            deliveries++;
        }
        assertThat(deliveries).isEqualTo(5);
        assertThat(conditions(decision)).containsExactly(Condition.RETRY_ATTEMPTS_EXHAUSTED);
        assertThat(decision.settled().getFirst().strikes()).isEqualTo(4);
    }

    @Test
    void shouldNotCountAnewWhenTheHandlerThrew() {
        Decision decision = throwing(work(3));
        assertThat(retained(decision)).containsExactly(List.of(0L, 1L, 2L));
        assertThat(decision.retained().getFirst().progress()).isEqualTo(new Progress(1, 1, NOW));
    }

    @Test
    void shouldSplitABatchThatFailedAsAWhole() {
        retry = THREE.withBisect();
        Decision decision = throwing(work(5));
        assertThat(retained(decision)).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L));
        assertThat(decision.retained())
                .as("a split uses no retry")
                .allMatch(work -> work.progress().equals(new Progress(1, 0, NOW)));
        assertThat(decision.delay()).isZero();
    }

    @Test
    void shouldRetryASingleEventThatCannotBeSplit() {
        retry = THREE.withBisect();
        Decision decision = throwing(work(1));
        assertThat(retained(decision)).containsExactly(List.of(0L));
        assertThat(decision.retained().getFirst().progress().strikes()).isEqualTo(1);
        assertThat(decision.delay()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(PartialAnswer.class)
    void shouldSplitInsteadOfGivingUp(PartialAnswer how) {
        answer = how;
        retry = RetryPolicy.of(1, DELAY, DELAY).withBisect();
        Decision decision = throwing(work(2));
        assertThat(decision.settled()).isEmpty();
        assertThat(retained(decision)).containsExactly(List.of(0L), List.of(1L));
    }

    @Test
    void shouldNotSplitWhenTheCheckpointMoved() {
        retry = THREE.withBisect();
        Decision decision = judge(work(4), done(), failedItem(Kind.FUNCTION_ERROR), done(), done());
        assertThat(retained(decision)).as("one batch").containsExactly(List.of(1L, 2L, 3L));
        assertThat(decision.retained().getFirst().progress()).isEqualTo(new Progress(1, 0, NOW));
    }

    @Test
    void shouldSplitWhenTheFirstEventWasReported() {
        retry = THREE.withBisect();
        Decision decision = judge(work(4), failedItem(Kind.FUNCTION_ERROR), done(), done(), done());
        assertThat(decision.settled()).isEmpty();
        assertThat(retained(decision)).containsExactly(List.of(0L, 1L), List.of(2L, 3L));
    }

    @Test
    void shouldNotSplitWhatWasAnsweredByItem() {
        answer = PartialAnswer.ITEMS;
        retry = THREE.withBisect();
        Decision decision = judge(work(3), failedItem(Kind.FUNCTION_ERROR), done(), done());
        assertThat(settledOffsets(decision)).containsExactly(1L, 2L);
        assertThat(retained(decision)).containsExactly(List.of(0L));
    }

    @Test
    void shouldNotSplitABatchThatNeverReachedTheHandler() {
        retry = THREE.withBisect();
        List<ItemEnd> away = Collections.nCopies(4, failedItem(Kind.UNAVAILABLE));
        Decision decision = judge(report(work(4), away, Optional.empty(), 0));
        assertThat(retained(decision)).containsExactly(List.of(0L, 1L, 2L, 3L));
        assertThat(decision.retained().getFirst().progress()).isEqualTo(Progress.NONE);
    }

    @Test
    void shouldSettleWhatWasFilteredWhereverItStandsInASplitBatch() {
        retry = THREE.withBisect();
        ItemEnd failed = new ItemEnd.Failed(Samples.FAILURE);
        List<ItemEnd> ends = List.of(failed, ItemEnd.FILTERED, failed, failed);
        Decision decision = judge(report(work(4), ends, Optional.of(Samples.FAILURE), 3));
        assertThat(settledOffsets(decision)).containsExactly(1L);
        assertThat(decision.settled().getFirst().outcome()).isInstanceOf(Outcome.Filtered.class);
        assertThat(retained(decision)).containsExactly(List.of(0L, 2L), List.of(3L));
    }

    @Test
    void shouldSplitExpiredEventsOffAndGoOnWithTheRest() {
        Decision decision =
                judge(
                        report(
                                work(3),
                                List.of(failedItem(Kind.EXPIRED), done(), done()),
                                Optional.empty(),
                                2));
        assertThat(settledOffsets(decision)).containsExactly(0L, 1L, 2L);
        assertThat(conditions(decision)).containsExactly(Condition.RECORD_AGE_EXCEEDED);
        assertThat(decision.retained()).isEmpty();
    }

    @Test
    void shouldNeverGiveUpForWhatIsNotTheEventsFault() {
        Work work = work(1);
        for (int i = 1; i <= 50; i++) {
            Decision decision = judge(work, failedItem(Kind.UNAVAILABLE));
            assertThat(decision.settled()).isEmpty();
            assertThat(decision.delay()).isPositive();
            work = decision.retained().getFirst();
            assertThat(work.progress()).isEqualTo(new Progress(i, 0, NOW));
        }
    }

    @ParameterizedTest
    @CsvSource({"FUNCTION_ERROR", "TIMED_OUT", "ENVIRONMENT_LOST"})
    void shouldForgiveWhileTheBreakerIsOpen(Kind kind) {
        forgiving = true;
        retry = RetryPolicy.of(1, DELAY, DELAY).withBisect();
        Failure failure = failure(kind);
        List<ItemEnd> ends = Collections.nCopies(4, new ItemEnd.Failed(failure));
        Decision decision = judge(report(work(4), ends, Optional.of(failure), 4));
        assertThat(decision.settled()).isEmpty();
        assertThat(retained(decision))
                .as("neither given up nor split")
                .containsExactly(List.of(0L, 1L, 2L, 3L));
        assertThat(decision.retained().getFirst().progress()).isEqualTo(new Progress(1, 0, NOW));
        assertThat(decision.delay()).isPositive();
    }

    @Test
    void shouldGiveUpWhatIsHopelessEvenWhileTheBreakerIsOpen() {
        forgiving = true;
        Decision decision = judge(work(1), failedItem(Kind.NON_RETRYABLE));
        assertThat(conditions(decision)).containsExactly(Condition.NON_RETRYABLE);
    }

    @Test
    void shouldKeepTheTimeOfTheFirstFailure() {
        var tried = new Work(work(1).events(), new Progress(1, 1, 77), true);
        Decision decision = judge(tried, failedItem(Kind.FUNCTION_ERROR));
        assertThat(decision.retained())
                .containsExactly(new Work(tried.events(), new Progress(2, 2, 77), true));
    }

    private Work work(int size) {
        return Work.of(events(0, size), Progress.NONE);
    }

    private static List<RawEvent> events(long from, long to) {
        return LongStream.range(from, to).mapToObj(o -> Samples.event(o, "k")).toList();
    }

    private Decision throwing(Work work) {
        int size = work.events().size();
        List<ItemEnd> ends = Collections.nCopies(size, new ItemEnd.Failed(Samples.FAILURE));
        return judge(report(work, ends, Optional.of(Samples.FAILURE), size));
    }

    private Decision judge(Work work, ItemEnd... ends) {
        return judge(report(work, Arrays.asList(ends), Optional.empty(), ends.length));
    }

    private Decision judge(AttemptReport report) {
        var judge = new Judge(new RetryRule(retry, new SplittableRandom(1)), answer);
        return judge.decide(report, forgiving, NOW);
    }

    private AttemptReport report(
            Work work, List<ItemEnd> ends, Optional<Failure> whole, int handled) {
        return new AttemptReport(
                lane,
                work,
                ends,
                whole,
                handled,
                new RequestId("r"),
                Samples.FUNCTION,
                new AttemptReport.Span(Instant.EPOCH, Duration.ZERO),
                Optional.empty());
    }

    private static List<List<Long>> retained(Decision decision) {
        return decision.retained().stream().map(work -> offsets(work)).toList();
    }

    private static List<Condition> conditions(Decision decision) {
        var conditions = new ArrayList<Condition>();
        for (Decision.Settled settled : decision.settled()) {
            if (settled.outcome() instanceof Outcome.Failed(var condition, _)) {
                conditions.add(condition);
            }
        }
        return conditions;
    }
}
