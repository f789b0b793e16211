package io.millrace.engine.delivery;

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
import io.millrace.engine.model.AttemptEnd;
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
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.time.ManualTimeSource;
import io.millrace.engine.time.TimeSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

final class LaneRunnerTest {
    private static final AttemptEnd FAILED = new AttemptEnd.Failed(Samples.FAILURE);
    private static final Optional<Failure> WHOLE = Optional.of(Samples.FAILURE);
    private static final Cut CUT = new Cut(1_000_000, 0, Cut.Earlier.NOTHING);

    private final ManualTimeSource time = new ManualTimeSource();
    private final ManualDeadlines deadlines = new ManualDeadlines();
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final PartitionEpoch epoch =
            new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(0));
    private final List<Boolean> idleAtReport = new ArrayList<>();
    private final List<Invocation> invocations = new ArrayList<>();
    private final LaneTable lanes = new LaneTable(LanePolicy.BY_PARTITION, 1);
    private final Lane lane = lanes.lane(0);
    private final Queue<Lane> gathering = new ArrayDeque<>();
    private final OutcomeQueue<AttemptReport> reports =
            new OutcomeQueue<>(() -> idleAtReport.add(lane.isIdle()));
    private Function<Invocation, AttemptEnd> handler = LaneRunnerTest::succeed;
    private SchemaLookup schemas = _ -> new SchemaLookup.Found.Unusable("not asked for");
    private ValueFormat format = ValueFormat.BYTES;
    private boolean batchHandler = true;
    private boolean stopping;
    private Runnable atClock = () -> {};
    private Screen screen = Screen.OPEN;

    @Test
    void shouldRunEverythingOfALaneWithoutAskingTheStreamThread() {
        offer(1, 2, 3);
        run(1);
        assertThat(offsetsOf(invocations)).containsExactly(List.of(1L), List.of(2L), List.of(3L));
        assertThat(drain()).allMatch(AttemptReport::isClean).hasSize(3);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldReportBeforeAnotherThreadCanTakeTheLane() {
        offer(1);
        run(1);
        assertThat(idleAtReport).containsExactly(false);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldReportBeforeAnotherThreadCanTakeTheLaneWhenTheTurnIsOver() {
        handler =
                invocation -> {
                    time.advance(Duration.ofMillis(5));
                    return succeed(invocation);
                };
        offer(1);
        run(1);
        assertThat(idleAtReport).containsExactly(false);
        assertThat(lane.isIdle()).isTrue();
    }

    @Test
    void shouldTellTheHandlerWhatItIsCalledFor() {
        offer(4, 5);
        run(2);
        Invocation invocation = invocations.getFirst();
        assertThat(invocation.attempt()).isEqualTo(1);
        assertThat(invocation.function()).isEqualTo(Samples.FUNCTION);
        assertThat(invocation.deadline()).isEqualTo(time.now().plus(Samples.FUNCTION.timeout()));
        AttemptReport report = drain().getFirst();
        assertThat(report.requestId()).isEqualTo(invocation.requestId());
        assertThat(report.handled()).isEqualTo(2);
    }

    @Test
    void shouldNameAnInvocationByTheEventsItIsCalledWith() {
        screen =
                new Screen() {
                    @Override
                    public @Nullable ItemEnd undecoded(RawEvent event, long nowMillis) {
                        return null;
                    }

                    @Override
                    public @Nullable ItemEnd decoded(Event event) {
                        return event.raw().offset() % 2 == 0 ? null : ItemEnd.FILTERED;
                    }
                };
        offer(1, 2, 3, 4, 5);
        run(2);
        AttemptReport report = drain().getFirst();
        assertThat(offsetsOf(invocations)).first().isEqualTo(List.of(2L, 4L));
        assertThat(report.requestId())
                .as("the same when it is tried again without the others")
                .isEqualTo(
                        new RequestId.Stem(
                                        Samples.trigger(1, 2, RetryPolicy.DEFAULT).id(),
                                        event(2).position().partition())
                                .of(2, 4));
        assertThat(MeteringLines.of(report))
                .get()
                .satisfies(line -> {
                    assertThat(line.firstOffset()).isEqualTo(2);
                    assertThat(line.lastOffset()).isEqualTo(4);
                });
    }

    @Test
    void shouldGiveEventsOneByOneToAHandlerThatTakesOne() {
        batchHandler = false;
        offer(1, 2);
        run(10);
        assertThat(offsetsOf(invocations)).containsExactly(List.of(1L), List.of(2L));
    }

    @Test
    void shouldMeasureTheHandlerAlone() {
        handler =
                invocation -> {
                    time.advance(Duration.ofMillis(3));
                    return succeed(invocation);
                };
        offer(1);
        run(1);
        AttemptReport report = drain().getFirst();
        assertThat(report.span().duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(report.span().endedAt()).isEqualTo(time.now());
    }

    @Test
    void shouldStopAtAFailedAttempt() {
        handler = _ -> FAILED;
        offer(1, 2);
        run(1);
        assertThat(offsetsOf(invocations)).containsExactly(List.of(1L));
        assertThat(drain()).singleElement().extracting(AttemptReport::whole).isEqualTo(WHOLE);
        assertThat(lane.isIdle()).isFalse();
        assertThat(lane.resume()).as("the lane rested").isTrue();
    }

    @Test
    void shouldStopAtAPartlyFailedBatch() {
        handler =
                _ ->
                        new AttemptEnd.Completed(
                                List.of(
                                        new ItemEnd.Done(Output.NONE),
                                        new ItemEnd.Failed(Samples.FAILURE)));
        offer(1, 2, 3);
        run(2);
        assertThat(drain()).hasSize(1);
        assertThat(lane.resume()).isTrue();
    }

    @Test
    void shouldPutTheEndsOfUndecodableEventsBackInTheirPlace() {
        format = ValueFormat.JSON;
        offer("{}", "oops", "[1]", "oops again");
        run(10);
        AttemptReport report = drain().getFirst();
        assertThat(invocations.getFirst().events())
                .extracting(e -> e.raw().offset())
                .containsExactly(0L, 2L);
        assertThat(report.handled()).isEqualTo(2);
        assertThat(report.ends())
                .extracting(item -> item instanceof ItemEnd.Done)
                .containsExactly(true, false, true, false);
    }

    @Test
    void shouldNotCallTheHandlerWhenNothingCanBeDecoded() {
        format = ValueFormat.JSON;
        offer("oops");
        run(10);
        AttemptReport report = drain().getFirst();
        assertThat(invocations).isEmpty();
        assertThat(report.handled()).isZero();
        assertThat(report.span().duration()).isZero();
        assertThat(failureOf(report).kind()).isEqualTo(Failure.Kind.UNDECODABLE);
    }

    @Test
    void shouldFailTheWholeAttemptWhenTheRegistryIsAway() {
        format = ValueFormat.AVRO;
        schemas = _ -> new SchemaLookup.Found.Unavailable("connection refused");
        offer(event(0, Payload.of(new byte[] {0, 0, 0, 0, 7, 1})));
        run(10);
        AttemptReport report = drain().getFirst();
        assertThat(invocations).isEmpty();
        assertThat(report.handled()).isZero();
        assertThat(failureOf(report).kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }

    @Test
    void shouldFailABatchThatWasAnsweredForAnotherNumberOfEvents() {
        handler = _ -> new AttemptEnd.Completed(List.of(new ItemEnd.Done(Output.NONE)));
        offer(1, 2);
        run(2);
        Failure failure = wholeOf(drain().getFirst());
        assertThat(failure.kind()).isEqualTo(Failure.Kind.FUNCTION_ERROR);
        assertThat(failure.message()).contains("1", "2");
    }

    @Test
    void shouldTakeAnInvokerThatThrowsForALostEnvironment() {
        handler =
                _ -> {
                    throw new IllegalStateException("a bug of ours");
                };
        offer(1, 2);
        run(1);
        Failure failure = wholeOf(drain().getFirst());
        assertThat(failure.kind()).isEqualTo(Failure.Kind.ENVIRONMENT_LOST);
        assertThat(failure.message()).contains("a bug of ours");
        assertThat(lane.resume()).isTrue();
        time.advance(Duration.ofHours(1));
        deadlines.look();
        assertThat(drain()).as("its deadline is not watched any more").isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    /** It would break in the same way every time; its neighbours must not suffer from it. */
    @Test
    void shouldGiveUpAnEventThatCannotBeReadBecauseOfABug() {
        format = ValueFormat.AVRO;
        schemas =
                _ -> {
                    throw new IllegalStateException("a bug of ours");
                };
        offer(event(0, Payload.of(new byte[] {0, 0, 0, 0, 7, 1})));
        run(1);
        AttemptReport report = drain().getFirst();
        assertThat(failureOf(report).kind()).isEqualTo(Failure.Kind.UNDECODABLE);
        assertThat(failureOf(report).message()).contains("a bug of ours");
        assertThat(report.handled()).isZero();
        assertThat(lane.resume()).as("nothing is left").isFalse();
        assertThat(lane.isIdle()).as("the lane rested").isTrue();
    }

    @Test
    void shouldReportADeadlineOnceAndIgnoreWhatTheHandlerReturnsLater() {
        handler =
                invocation -> {
                    time.advance(Samples.FUNCTION.timeout());
                    deadlines.look();
                    return succeed(invocation);
                };
        offer(1, 2);
        run(1);
        AttemptReport report = drain().getFirst();
        Failure failure = wholeOf(report);
        assertThat(failure.kind()).isEqualTo(Failure.Kind.TIMED_OUT);
        assertThat(failure.message()).endsWith("Task timed out after 10.0 seconds");
        assertThat(report.span().duration()).isEqualTo(Samples.FUNCTION.timeout());
        assertThat(invocations).hasSize(1);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(lane.resume()).as("the lane rested").isTrue();
    }

    @Test
    void shouldGiveWayAfterManyInvocations() {
        for (int offset = 0; offset < 100; offset++) {
            offer(event(offset));
        }
        var work = work(1);
        work.run(lane);
        threads.remove().run();
        // One worker ran both turns: the lane was queued again in between.
        assertThat(invocations).hasSize(100);
        assertThat(lane.isIdle()).isTrue();
        assertThat(turnsOf(work)).isZero();
    }

    @Test
    void shouldGiveWayAfterALongTurn() {
        handler =
                invocation -> {
                    time.advance(Duration.ofMillis(5));
                    return succeed(invocation);
                };
        offer(1, 2);
        EpochWork work = work(1);
        new LaneRunner(lane, work).run();
        assertThat(invocations).hasSize(1);
        assertThat(turnsOf(work)).isEqualTo(1);
    }

    @Test
    void shouldStartNothingInAClosedEpoch() {
        offer(1);
        epoch.close();
        run(1);
        assertThat(invocations).isEmpty();
        assertThat(drain()).isEmpty();
    }

    @Test
    void shouldStartNothingMoreWhenStopping() {
        handler =
                invocation -> {
                    stopping = true;
                    return succeed(invocation);
                };
        offer(1, 2);
        run(1);
        assertThat(invocations).hasSize(1);
        assertThat(drain()).as("what ran is reported").hasSize(1);
    }

    @Test
    void shouldBeHeldByTheLimit() {
        long limit = epoch.limit().get();
        offer(limit, limit + 1);
        run(1);
        assertThat(offsetsOf(invocations)).containsExactly(List.of(limit));
        assertThat(lane.isHeld()).isTrue();
        assertThat(idleAtReport).containsExactly(false);
    }

    @Test
    void shouldNotMissALimitThatIsRaisedWhileTheLaneIsBeingTaken() {
        long limit = epoch.limit().get();
        offer(limit + 1);
        var looks = new AtomicInteger();
        // The second look at the clock comes after the limit was read and before the lane is held.
        atClock =
                () -> {
                    if (looks.incrementAndGet() == 2) {
                        epoch.tracker().admit(limit + 1);
                        assertThat(epoch.limit().raise(epoch.tracker())).isTrue();
                        assertThat(lane.release(epoch.limit().get())).as("not held yet").isFalse();
                    }
                };
        run(1);
        assertThat(offsetsOf(invocations)).containsExactly(List.of(limit + 1));
    }

    private void run(int batch) {
        new LaneRunner(lane, work(batch)).run();
    }

    private EpochWork work(int batch) {
        Trigger plain = Samples.trigger(1, batch, RetryPolicy.DEFAULT);
        var trigger = plain.withIntake(Intake.from(StartingPosition.EARLIEST, format));
        var invoker =
                new Invoker() {
                    @Override
                    public AttemptEnd invoke(Invocation invocation) {
                        invocations.add(invocation);
                        return handler.apply(invocation);
                    }

                    @Override
                    public boolean isBatch() {
                        return batchHandler;
                    }

                    @Override
                    public void close() {}
                };
        var services =
                new EpochWork.Services(
                        new Dispatcher(1, RateLimit.none(time), threads::add),
                        new RunningAttempts(time, deadlines),
                        new EventDecoder(id -> schemas.byId(id)),
                        screen,
                        () -> new FunctionHandle(Samples.FUNCTION, invoker),
                        watchedTime());
        return new EpochWork(trigger, epoch, CUT, reports, gathering, services, () -> stopping);
    }

    private TimeSource watchedTime() {
        return new TimeSource() {
            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public long nanos() {
                atClock.run();
                return time.nanos();
            }
        };
    }

    private static int turnsOf(EpochWork work) {
        return work.services().dispatcher().waiting();
    }

    private List<AttemptReport> drain() {
        var drained = new ArrayList<AttemptReport>();
        AttemptReport report = reports.peek();
        while (report != null) {
            drained.add(report);
            reports.remove();
            report = reports.peek();
        }
        return drained;
    }

    private void offer(long... offsets) {
        for (long offset : offsets) {
            offer(event(offset));
        }
    }

    private void offer(String... values) {
        for (int offset = 0; offset < values.length; offset++) {
            offer(event(offset, Payload.of(values[offset])));
        }
    }

    private void offer(RawEvent event) {
        Lane _ = lanes.offer(event, 1, CUT, 0);
    }

    private static RawEvent event(long offset) {
        return Samples.event(offset, "k");
    }

    private static RawEvent event(long offset, Payload value) {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, offset), Payload.NULL, value, List.of(), 0);
    }

    private static AttemptEnd succeed(Invocation invocation) {
        return new AttemptEnd.Completed(
                invocation.events().stream()
                        .<ItemEnd>map(_ -> new ItemEnd.Done(Output.NONE))
                        .toList());
    }

    private static Failure failureOf(AttemptReport report) {
        return ((ItemEnd.Failed) report.ends().getFirst()).failure();
    }

    private static Failure wholeOf(AttemptReport report) {
        Failure whole = report.whole().orElseThrow();
        assertThat(report.ends()).allMatch(end -> end.equals(new ItemEnd.Failed(whole)));
        return whole;
    }

    private static List<List<Long>> offsetsOf(List<Invocation> invocations) {
        return invocations.stream()
                .map(i -> i.events().stream().map(Event::raw).map(RawEvent::offset).toList())
                .toList();
    }
}
