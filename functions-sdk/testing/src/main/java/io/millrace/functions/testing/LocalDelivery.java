package io.millrace.functions.testing;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.delivery.Moment;
import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.delivery.Repeats;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.execute.inprocess.InProcessInvoker;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.outcome.RetryRule;
import io.millrace.engine.payload.OutputEncoder;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.FailureMapper;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;
import io.millrace.engine.sink.KafkaSource;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.engine.topology.EffectApplier;
import io.millrace.engine.topology.EventScreen;
import io.millrace.schemas.EventHeaders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One partition of a trigger without Kafka: the engine's own machine, lanes, invoker and mappers,
 * with this class in the place of the stream thread.
 *
 * <p>Threading: one thread.
 */
final class LocalDelivery implements AutoCloseable {
    private static final int MAX_RECORD_BYTES = 1024 * 1024;
    private static final long PATIENCE_MILLIS = 10;

    private final SkippingTime time = new SkippingTime();
    private final Semaphore arrived = new Semaphore(0);
    private final OutcomeQueue<AttemptReport> reports = new OutcomeQueue<>(arrived::release);
    private final Queue<Lane> gathering = new ConcurrentLinkedQueue<>();
    private final Map<Long, List<MeteringLine>> attemptsOf = new HashMap<>();
    private final ExecutorService deadlines;
    private final RunningAttempts attempts;
    private final FunctionHandle function;
    private final Trigger trigger;
    private final DeliveryMachine machine;
    private final EpochWork work;
    private final EffectApplier applier;
    private final PartitionId partition;
    private final InMemoryParking store = new InMemoryParking();
    private final List<MeteringLine> attemptsOfWindow = new ArrayList<>();
    private final List<Delivered> closed = new ArrayList<>();
    private long nextOffset;

    LocalDelivery(FunctionSpec spec, Trigger trigger) {
        this.trigger = trigger;
        this.partition = new PartitionId(trigger.sourceTopic(), 0);
        var schemas = new InMemorySchemas();
        var encoder = new OutputEncoder(trigger.destinations().results(), schemas);
        this.function =
                new FunctionHandle(
                        spec, InProcessInvoker.createFromClassPath(spec, encoder::encode, time));
        var scheduler = InvocationThreads.forDeadlines();
        this.deadlines = scheduler;
        this.attempts = new RunningAttempts(time, scheduler);
        var epoch = new PartitionEpoch(partition, FinishedSet.empty(0));
        var services =
                new EpochWork.Services(
                        new Dispatcher(
                                trigger.load().maxConcurrency(),
                                RateLimit.none(time),
                                InvocationThreads.forTrigger(trigger.id().value())),
                        attempts,
                        new EventDecoder(schemas),
                        new EventScreen(trigger),
                        () -> function,
                        time);
        this.machine =
                new DeliveryMachine(
                        epoch,
                        new LaneTable(trigger.lanes(), trigger.load().maxConcurrency()),
                        new DeliveryMachine.Setup(
                                new RetryRule(trigger.retry(), RandomGenerator.getDefault()),
                                trigger.batch(),
                                () -> services.maxEvents(trigger),
                                new CircuitBreaker(trigger.load().breaker()),
                                store,
                                ParkingLimits.DEFAULT,
                                Repeats.NONE));
        this.work =
                new EpochWork(
                        trigger, epoch, machine.cut(), reports, gathering, services, () -> false);
        this.applier =
                new EffectApplier(
                        new ResultMapper(trigger),
                        new DeadLetterMapper(trigger, "test"),
                        new FailureMapper(
                                trigger,
                                new KafkaSource(Optional.empty(), "test"),
                                TimestampType.CREATE_TIME),
                        new SizeGuard(Map.of(), MAX_RECORD_BYTES));
    }

    /** Delivers the events and waits until each has its outcome; answers in their order. */
    List<Delivered> deliver(List<TestEvent> events) {
        var outcomes = new HashMap<Long, Delivered>();
        long first = nextOffset;
        for (TestEvent event : events) {
            var position = new EventPosition(partition, nextOffset++);
            var raw =
                    new RawEvent(
                            position,
                            event.key(),
                            event.value(),
                            event.headers(),
                            event.time().orElseGet(time::now).toEpochMilli());
            run(machine.admit(raw, now()));
        }
        while (machine.unfinished() + machine.parked() > 0) {
            applyNext(outcomes);
        }
        var delivered = new ArrayList<Delivered>();
        for (long offset = first; offset < nextOffset; offset++) {
            delivered.add(outcomes.get(offset));
        }
        return delivered;
    }

    /** Lets the time of the open window pass. */
    Delivered closeWindow() {
        if (!machine.hasOpenWindow()) {
            throw new IllegalStateException("no window is open: no event has entered one");
        }
        while (machine.hasOpenWindow()) {
            applyNext(new HashMap<>());
        }
        return closed.getLast();
    }

    List<Delivered> closedWindows() {
        return List.copyOf(closed);
    }

    String windowState() {
        return store.window()
                .flatMap(PartitionWindow::open)
                .map(PartitionWindow.Open::state)
                .orElse(WindowInput.NO_STATE);
    }

    private void applyNext(Map<Long, Delivered> outcomes) {
        AttemptReport report = nextReport();
        Decision decision = machine.decide(report, now());
        if (report.work().closesWindow()) {
            recordWindow(decision);
        } else {
            record(decision, outcomes);
        }
        reports.remove();
        run(machine.apply(decision, now()));
    }

    private void recordWindow(Decision decision) {
        decision.metering().ifPresent(attemptsOfWindow::add);
        if (!decision.settled().isEmpty()) {
            closed.add(delivered(applier.records(decision), List.copyOf(attemptsOfWindow)));
            attemptsOfWindow.clear();
        }
    }

    private Delivered delivered(List<OutboundRecord> own, List<MeteringLine> lines) {
        String results = trigger.destinations().results();
        String deadLetters = trigger.destinations().deadLetters();
        return new Delivered(
                own.stream().filter(r -> r.topic().equals(results)).findFirst(),
                own.stream().filter(r -> r.topic().equals(deadLetters)).findFirst(),
                lines);
    }

    /**
     * A report comes for every attempt, at its deadline at the latest; where nothing runs,
     * something waits for its time, and that is skipped.
     */
    private AttemptReport nextReport() {
        try {
            while (!arrived.tryAcquire()) {
                goOn();
                if (arrived.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the function was running", e);
        }
        AttemptReport report = reports.peek();
        if (report == null) {
            throw new IllegalStateException("a report was announced and is not there");
        }
        return report;
    }

    private void goOn() {
        Lane lane = gathering.poll();
        while (lane != null) {
            machine.watchWindow(lane);
            lane = gathering.poll();
        }
        Dispatcher dispatcher = work.services().dispatcher();
        boolean isQuiet =
                dispatcher.waiting() == 0 && dispatcher.running() == 0 && reports.isEmpty();
        if (isQuiet && machine.nextDue() != Long.MAX_VALUE) {
            time.skipTo(machine.nextDue());
        }
        run(machine.due(now()));
    }

    private void run(List<Lane> lanes) {
        lanes.forEach(work::run);
    }

    private Moment now() {
        return Moment.of(time);
    }

    private void record(Decision decision, Map<Long, Delivered> outcomes) {
        for (RawEvent event : decision.report().work().events()) {
            List<MeteringLine> lines =
                    attemptsOf.computeIfAbsent(event.offset(), _ -> new ArrayList<>());
            decision.metering().ifPresent(lines::add);
        }
        List<OutboundRecord> records = applier.records(decision);
        for (Decision.Settled settled : decision.settled()) {
            String source = settled.event().position().toString();
            List<OutboundRecord> own =
                    records.stream().filter(record -> isFrom(record, source)).toList();
            long offset = settled.event().offset();
            outcomes.put(offset, delivered(own, attemptsOf.getOrDefault(offset, List.of())));
            attemptsOf.remove(offset);
        }
    }

    private static boolean isFrom(OutboundRecord record, String source) {
        return record.headers().stream()
                .anyMatch(header ->
                        header.key().equals(EventHeaders.SOURCE)
                                && header.value().text().equals(source));
    }

    @Override
    public void close() {
        attempts.close();
        function.invoker().close();
        deadlines.shutdownNow();
    }
}
