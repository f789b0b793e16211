package io.millrace.engine.topology;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.offsets.CommitAttachment;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.offsets.ThreadClients;
import io.millrace.engine.outcome.DispositionRule;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects one partition of the source topic with its {@link DeliveryMachine}.
 *
 * <p>All state is made in {@link #init} and dropped in {@link #close}: Streams may initialise the
 * same object again. Threading: StreamThread only.
 */
final class InvocationProcessor
        implements Processor<
                byte @Nullable [], byte @Nullable [], byte @Nullable [], OutboundRecord> {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int MAX_REPORTS_PER_DRAIN = 2_000;
    private static final Duration MAX_DRAIN = Duration.ofMillis(5);

    private final TriggerRuntime runtime;
    private @Nullable Session session;

    InvocationProcessor(TriggerRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void init(ProcessorContext<byte @Nullable [], OutboundRecord> context) {
        session = new Session(context);
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> session().tick());
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        session().process(record);
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private Session session() {
        if (session == null) {
            throw new IllegalStateException("not initialised");
        }
        return session;
    }

    /** One epoch of the partition. */
    private final class Session implements ThreadClients.Task {
        private final ProcessorContext<byte @Nullable [], OutboundRecord> context;
        private final ThreadClients clients;
        private final PartitionEpoch epoch;
        private final DeliveryMachine machine;
        private final EpochWork work;
        private final OutcomeQueue<AttemptReport> reports;
        private final MeteringPack metering;
        private final EffectApplier applier = runtime.applier();
        private final CommitController commits = new CommitController();
        private final PartitionId partition;
        private long commitsSeen;
        private boolean blocked;

        private Session(ProcessorContext<byte @Nullable [], OutboundRecord> context) {
            this.context = context;
            var trigger = runtime.trigger();
            this.partition = new PartitionId(trigger.sourceTopic(), context.taskId().partition());
            this.clients = runtime.clients().ofCurrentThread();
            this.reports = new OutcomeQueue<>(clients::wake);
            this.metering = new MeteringPack(runtime.metering(), trigger, partition);
            this.epoch = clients.activate(partition, this);
            this.machine =
                    new DeliveryMachine(
                            epoch,
                            new LaneTable(trigger.lanes().lanes()),
                            new DispositionRule(trigger.retry(), runtime.random()));
            this.work =
                    new EpochWork(trigger, epoch, reports, runtime.services(), runtime.stopping());
            this.commitsSeen = clients.commits();
            runtime.gauges().opened(machine);
        }

        private void process(Record<byte @Nullable [], byte @Nullable []> record) {
            RecordMetadata metadata =
                    context.recordMetadata()
                            .orElseThrow(() -> new IllegalStateException("no record metadata"));
            if (!machine.isSettled(metadata.offset())) {
                machine.admit(event(record, metadata)).forEach(work::run);
                applyBackPressure();
            }
            // Only now: what throws here must not take the record with it.
            applyReports();
        }

        private RawEvent event(
                Record<byte @Nullable [], byte @Nullable []> record, RecordMetadata metadata) {
            var headers = new ArrayList<Header>();
            record.headers().forEach(h -> headers.add(new Header(h.key(), Payload.of(h.value()))));
            return new RawEvent(
                    new EventPosition(partition, metadata.offset()),
                    Payload.of(record.key()),
                    Payload.of(record.value()),
                    headers,
                    record.timestamp());
        }

        private void tick() {
            applyReports();
            if (!runtime.stopping().getAsBoolean()) {
                machine.due(now()).forEach(work::run);
            } else if (runtime.services().dispatcher().running() == 0 && reports.isEmpty()) {
                runtime.gauges().drained(machine);
            }
            if (commits.isDue(machine.unfinished() == 0, now())) {
                context.commit();
            }
        }

        private void applyReports() {
            if (clients.commits() != commitsSeen) {
                commitsSeen = clients.commits();
                commits.committed();
            }
            long start = now();
            int applied = 0;
            while (applied < MAX_REPORTS_PER_DRAIN && !commits.isOverdue(start)) {
                AttemptReport report = reports.peek();
                if (report == null) {
                    break;
                }
                apply(report);
                reports.remove();
                applied++;
                if (now() - start > MAX_DRAIN.toNanos()) {
                    break;
                }
            }
            if (applied > 0) {
                applyBackPressure();
            }
        }

        private void apply(AttemptReport report) {
            Decision decision = machine.decide(report);
            List<OutboundRecord> records = applier.records(decision);
            List<Lane> runnable;
            try {
                for (OutboundRecord record : records) {
                    context.forward(OutboundSerializer.toForward(record));
                }
                metering.add(decision.metering());
                runnable = machine.apply(decision, now());
            } catch (RuntimeException e) {
                clients.poison("an outcome of '" + partition + "' was applied in part: " + e);
                throw e;
            }
            commits.applied(decision.settled().size(), now());
            runtime.gauges().applied(decision);
            runnable.forEach(work::run);
        }

        /** Pauses the partition above the high limits and lets it go on below the low ones. */
        private void applyBackPressure() {
            TriggerRuntime.Limits limits = runtime.limits();
            if (!blocked
                    && (machine.unfinished() >= limits.maxEvents()
                            || machine.queuedBytes() >= limits.maxBytes())) {
                blocked = true;
                clients.block(partition);
            } else if (blocked
                    && machine.unfinished() <= limits.maxEvents() / 2
                    && machine.queuedBytes() <= limits.maxBytes() / 2) {
                blocked = false;
                clients.unblock(partition);
            }
        }

        private void close() {
            clients.deactivate(epoch);
            runtime.gauges().closed(machine);
        }

        @Override
        public boolean hasReports() {
            return !reports.isEmpty() && !commits.isOverdue(now());
        }

        @Override
        public long nextDue() {
            return machine.nextDue();
        }

        @Override
        public CommitAttachment attachment() {
            return metering;
        }

        private long now() {
            return runtime.services().time().nanos();
        }
    }
}
