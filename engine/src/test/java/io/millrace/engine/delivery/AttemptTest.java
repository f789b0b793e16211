package io.millrace.engine.delivery;

import static io.millrace.engine.delivery.MachineRig.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.decode.SchemaLookup;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.Invoker;
import io.millrace.engine.execute.ManualDeadlines;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.time.ManualTimeSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongPredicate;

/** What an attempt hands to the handler, and where the ends of the other events go. */
final class AttemptTest {
    private static final int MAX = 3;
    private static final ItemEnd DONE = new ItemEnd.Done(Output.NONE);

    private final ManualTimeSource time = new ManualTimeSource();
    private final PartitionEpoch epoch =
            new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(0));
    private final LaneTable lanes = new LaneTable(LanePolicy.BY_PARTITION, 1);
    private final Lane lane = lanes.lane(0);
    private LongPredicate filtered = _ -> false;
    private LongPredicate expired = _ -> false;
    private LongPredicate isAway = _ -> false;
    private Cut cut = new Cut(1_000_000, 0, Cut.Earlier.NOTHING);

    @Test
    void shouldFillUpWhatTheFilterLeft() {
        filtered = offset -> offset % 2 == 1;
        offer(0, 10);
        Attempt attempt = attempt(take());
        assertThat(attempt.prepare()).isTrue();
        assertThat(handed(attempt)).containsExactly(0L, 2L, 4L);
        AttemptReport report = attempt.report(completed(3), Duration.ZERO);
        assertThat(offsets(report.work()))
                .as("nothing is lost")
                .containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(report.ends())
                .containsExactly(DONE, ItemEnd.FILTERED, DONE, ItemEnd.FILTERED, DONE);
        assertThat(report.handled()).isEqualTo(3);
        assertThat(next()).as("the rest is still there").containsExactly(5L, 6L, 7L);
    }

    @Test
    void shouldNameTheWholeBatchItBecame() {
        filtered = offset -> offset == 1;
        offer(0, 10);
        Attempt attempt = attempt(take());
        attempt.prepare();
        assertThat(attempt.requestId())
                .isEqualTo(
                        new RequestId.Stem(trigger(ValueFormat.BYTES).id(), position(0).partition())
                                .of(0, 3));
        assertThat(attempt.invocation().requestId()).isEqualTo(attempt.requestId());
    }

    @Test
    void shouldNotCallTheHandlerWhenEverythingIsFiltered() {
        filtered = _ -> true;
        offer(0, 5);
        Attempt attempt = attempt(take());
        assertThat(attempt.prepare()).isFalse();
        AttemptReport report = attempt.reportUnhandled();
        assertThat(offsets(report.work())).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(report.ends()).containsOnly(ItemEnd.FILTERED).hasSize(5);
        assertThat(report.handled()).isZero();
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void shouldNotFillUpInThePlaceOfAnEventThatFailed() {
        expired = offset -> offset == 0;
        offer(0, 10);
        Attempt attempt = attempt(take());
        assertThat(attempt.prepare()).isTrue();
        assertThat(handed(attempt)).containsExactly(1L, 2L);
        assertThat(offsets(attempt.report(completed(2), Duration.ZERO).work()))
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    void shouldNotFillUpAParkedBatch() {
        filtered = offset -> offset == 0;
        offer(0, 10);
        Work batch = take();
        Attempt attempt = attempt(new Work(batch.events(), batch.progress(), true));
        attempt.prepare();
        assertThat(handed(attempt)).containsExactly(1L, 2L);
    }

    @Test
    void shouldNotFillUpWithEventsThatCameFurther() {
        var tried = new Progress(1, 1, 5);
        cut = new Cut(1_000_000, 0, event -> event.offset() == 4 ? tried : Progress.NONE);
        filtered = offset -> offset < 2;
        offer(0, 10);
        Attempt attempt = attempt(take());
        attempt.prepare();
        assertThat(handed(attempt)).containsExactly(2L, 3L);
    }

    @Test
    void shouldNotFillUpBeyondTheLimit() {
        long limit = epoch.limit().get();
        filtered = offset -> offset == limit - 1;
        offer(limit - 2, limit + 3);
        Attempt attempt = attempt(take());
        attempt.prepare();
        assertThat(handed(attempt)).containsExactly(limit - 2, limit);
    }

    @Test
    void shouldNotFillUpBeyondTheBytesOfABatch() {
        int size = Samples.event(0, "k").sizeInBytes();
        cut = new Cut(3 * size - 1, 0, Cut.Earlier.NOTHING);
        filtered = offset -> offset == 0;
        offer(0, 10);
        Attempt attempt = attempt(take());
        attempt.prepare();
        assertThat(handed(attempt)).as("two fit").containsExactly(1L, 2L);
    }

    @Test
    void shouldFailEverythingItTookWhenTheRegistryGoesAway() {
        filtered = offset -> offset < 3;
        isAway = offset -> offset == 3;
        offer(0, 10);
        Attempt attempt = attempt(take(), ValueFormat.AVRO);
        assertThat(attempt.prepare()).isFalse();
        AttemptReport report = attempt.reportUnhandled();
        assertThat(offsets(report.work())).as("also what filled it up").contains(0L, 1L, 2L, 3L);
        assertThat(report.ends())
                .hasSameSizeAs(report.work().events())
                .allMatch(end ->
                        end instanceof ItemEnd.Failed(Failure failure)
                                && failure.kind() == Failure.Kind.UNAVAILABLE);
        assertThat(report.handled()).isZero();
        assertThat(report.whole()).isEmpty();
    }

    @Test
    void shouldNotEvenDecodeWhatIsTooOld() {
        expired = offset -> offset == 0;
        isAway = offset -> offset == 0;
        offer(0, 2);
        Attempt attempt = attempt(take(), ValueFormat.BYTES);
        assertThat(attempt.prepare()).isTrue();
        AttemptReport report = attempt.report(completed(1), Duration.ZERO);
        assertThat(report.ends().getFirst()).isInstanceOf(ItemEnd.Failed.class);
        assertThat(report.ends().getLast()).isEqualTo(DONE);
    }

    @Test
    void shouldFailOnlyWhatWasHandedOutWhenTheHandlerThrows() {
        filtered = offset -> offset == 1;
        offer(0, 3);
        Attempt attempt = attempt(take());
        attempt.prepare();
        AttemptReport report =
                attempt.report(new AttemptEnd.Failed(Samples.FAILURE), Duration.ZERO);
        ItemEnd failed = new ItemEnd.Failed(Samples.FAILURE);
        assertThat(report.ends()).containsExactly(failed, ItemEnd.FILTERED, failed);
        assertThat(report.whole()).contains(Samples.FAILURE);
        assertThat(report.handled()).isEqualTo(2);
    }

    @Test
    void shouldFailABatchOfAWindowThatAnswersWithoutAState() {
        Attempt attempt = attempt(windowed(Optional.empty()));
        attempt.prepare();

        AttemptReport report = attempt.report(completed(1), Duration.ZERO);

        assertThat(report.whole().orElseThrow().type()).isEqualTo("InvalidWindowState");
        assertThat(report.rests()).isTrue();
    }

    @Test
    void shouldReportTheStateThatABatchOfAWindowAnswersWith() {
        Attempt attempt = attempt(windowed(Optional.empty()));
        attempt.prepare();
        var answer = new AttemptEnd.Completed(List.of(DONE), Optional.of("{\"n\":1}"));

        AttemptReport report = attempt.report(answer, Duration.ZERO);

        assertThat(report.state()).contains("{\"n\":1}");
        assertThat(report.rests()).isTrue();
    }

    @Test
    void shouldCloseAWindowWithoutEventsAndUnderAnIdOfItsOwn() {
        Attempt batch = attempt(windowed(Optional.empty()));
        Attempt closing = attempt(windowed(closing()));

        assertThat(closing.prepare()).isTrue();

        assertThat(closing.invocation().events()).isEmpty();
        assertThat(closing.invocation().window().orElseThrow().isFinal()).isTrue();
        assertThat(closing.requestId()).isNotEqualTo(batch.requestId());
        assertThat(closing.report(completed(1), Duration.ZERO).handled()).isEqualTo(1);
        assertThat(closing.report(completed(2), Duration.ZERO).whole()).isPresent();
    }

    @Test
    void shouldNotCloseAWindowThatIsTooOld() {
        expired = _ -> true;
        Attempt closing = attempt(windowed(closing()));

        assertThat(closing.prepare()).isFalse();

        AttemptReport report = closing.reportUnhandled();
        assertThat(report.ends()).containsExactly(MachineRig.failedItem(Failure.Kind.EXPIRED));
        assertThat(report.handled()).isZero();
    }

    private Work windowed(Optional<WindowInput.Closing> closing) {
        Instant start = Instant.EPOCH;
        var window = new WindowInput(start, start.plusSeconds(10), "{}", closing);
        return new Work(List.of(event(0)), Progress.NONE, false, Optional.of(window));
    }

    private static Optional<WindowInput.Closing> closing() {
        var contents = new BatchRange(Samples.PARTITION, 0, 0, Instant.EPOCH, Instant.EPOCH, 1);
        return Optional.of(new WindowInput.Closing(false, contents));
    }

    private void offer(long from, long to) {
        for (long offset = from; offset < to; offset++) {
            Lane _ = lanes.offer(event(offset), MAX, cut, time.nanos());
        }
    }

    private RawEvent event(long offset) {
        RawEvent plain = Samples.event(offset, "k");
        return isAway.test(offset)
                ? new RawEvent(
                        plain.position(),
                        plain.key(),
                        Payload.of(new byte[] {0, 0, 0, 0, 7, 1}),
                        List.of(),
                        plain.timestamp())
                : plain;
    }

    private static EventPosition position(long offset) {
        return new EventPosition(Samples.PARTITION, offset);
    }

    private Work take() {
        return Objects.requireNonNull(lane.take(MAX, cut, epoch.limit().get(), time.nanos()));
    }

    private List<Long> next() {
        Work next = lane.takeNext(() -> {}, MAX, cut, epoch.limit().get(), time.nanos());
        return offsets(Objects.requireNonNull(next));
    }

    private static List<Long> handed(Attempt attempt) {
        return attempt.invocation().events().stream().map(event -> event.raw().offset()).toList();
    }

    private static AttemptEnd completed(int count) {
        return new AttemptEnd.Completed(Collections.nCopies(count, DONE));
    }

    private Attempt attempt(Work batch) {
        return attempt(batch, ValueFormat.BYTES);
    }

    private Attempt attempt(Work batch, ValueFormat format) {
        var services =
                new EpochWork.Services(
                        new Dispatcher(1, RateLimit.none(time), _ -> {}),
                        new RunningAttempts(time, new ManualDeadlines()),
                        new EventDecoder(_ -> new SchemaLookup.Found.Unavailable("away")),
                        screen(),
                        () -> new FunctionHandle(Samples.FUNCTION, new Nothing()),
                        time);
        var work =
                new EpochWork(
                        trigger(format),
                        epoch,
                        cut,
                        new OutcomeQueue<>(() -> {}),
                        new ArrayDeque<>(),
                        services,
                        () -> false);
        return new Attempt(lane, batch, work);
    }

    private static Trigger trigger(ValueFormat format) {
        return Samples.trigger(1, MAX, RetryPolicy.DEFAULT)
                .withIntake(Intake.from(StartingPosition.EARLIEST, format));
    }

    private Screen screen() {
        return new Screen() {
            @Override
            public @Nullable ItemEnd undecoded(RawEvent event, long nowMillis) {
                // Filters see decoded events; Avro cannot be decoded here.
                if (filtered.test(event.offset())) {
                    return ItemEnd.FILTERED;
                }
                return expired.test(event.offset())
                        ? MachineRig.failedItem(Failure.Kind.EXPIRED)
                        : null;
            }

            @Override
            public @Nullable ItemEnd decoded(Event event) {
                return filtered.test(event.raw().offset()) ? ItemEnd.FILTERED : null;
            }
        };
    }

    /** Takes batches; is never called. */
    private static final class Nothing implements Invoker {
        @Override
        public AttemptEnd invoke(Invocation invocation) {
            throw new AssertionError("not to be called");
        }

        @Override
        public boolean isBatch() {
            return true;
        }

        @Override
        public void close() {}
    }
}
