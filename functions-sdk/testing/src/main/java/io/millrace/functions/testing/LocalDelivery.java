package io.millrace.functions.testing;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.execute.inprocess.InProcessInvoker;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.outcome.DispositionRule;
import io.millrace.engine.payload.OutputEncoder;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.engine.topology.EffectApplier;
import io.millrace.schemas.EventHeaders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final SkippingTime time = new SkippingTime();
    private final Semaphore arrived = new Semaphore(0);
    private final OutcomeQueue<AttemptReport> reports = new OutcomeQueue<>(arrived::release);
    private final ExecutorService deadlines;
    private final RunningAttempts attempts;
    private final FunctionHandle function;
    private final Trigger trigger;
    private final DeliveryMachine machine;
    private final EpochWork work;
    private final EffectApplier applier;
    private final PartitionId partition;
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
        this.machine =
                new DeliveryMachine(
                        epoch,
                        new LaneTable(trigger.lanes().lanes()),
                        new DispositionRule(trigger.retry(), RandomGenerator.getDefault()));
        var services =
                new EpochWork.Services(
                        new Dispatcher(
                                trigger.load().maxConcurrency(),
                                InvocationThreads.forTrigger(trigger.id().value())),
                        attempts,
                        new EventDecoder(schemas),
                        () -> function,
                        time);
        this.work = new EpochWork(trigger, epoch, reports, services, () -> false);
        this.applier =
                new EffectApplier(
                        new ResultMapper(trigger),
                        new DeadLetterMapper(trigger, "test"),
                        new SizeGuard(Map.of(), MAX_RECORD_BYTES));
    }

    /** Delivers the events and waits until each has its outcome; answers in their order. */
    List<Delivered> deliver(List<TestEvent> events) {
        var outcomes = new HashMap<Long, Delivered>();
        long first = nextOffset;
        for (TestEvent event : events) {
            var position = new EventPosition(partition, nextOffset++);
            machine.admit(
                            new RawEvent(
                                    position,
                                    event.key(),
                                    event.value(),
                                    event.headers(),
                                    time.now().toEpochMilli()))
                    .forEach(work::run);
        }
        while (machine.unfinished() > 0) {
            AttemptReport report = nextReport();
            Decision decision = machine.decide(report);
            record(decision, outcomes);
            reports.remove();
            machine.apply(decision, time.nanos()).forEach(work::run);
            if (machine.unfinished() == machine.retriesWaiting()) {
                time.skipTo(machine.nextDue());
            }
            machine.due(time.nanos()).forEach(work::run);
        }
        var delivered = new ArrayList<Delivered>();
        for (long offset = first; offset < nextOffset; offset++) {
            delivered.add(outcomes.get(offset));
        }
        return delivered;
    }

    /**
     * A report comes for every attempt, at its deadline at the latest; a retry may have to wait.
     */
    private AttemptReport nextReport() {
        try {
            while (!arrived.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                machine.due(time.nanos()).forEach(work::run);
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

    private void record(Decision decision, Map<Long, Delivered> outcomes) {
        List<OutboundRecord> records = applier.records(decision);
        for (Decision.Settled settled : decision.settled()) {
            String source = settled.event().position().toString();
            List<OutboundRecord> own =
                    records.stream().filter(record -> isFrom(record, source)).toList();
            String results = trigger.destinations().results();
            String deadLetters = trigger.destinations().deadLetters();
            outcomes.put(
                    settled.event().offset(),
                    new Delivered(
                            own.stream().filter(r -> r.topic().equals(results)).findFirst(),
                            own.stream().filter(r -> r.topic().equals(deadLetters)).findFirst(),
                            decision.metering()));
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
