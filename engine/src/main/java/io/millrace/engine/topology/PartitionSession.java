package io.millrace.engine.topology;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.Moment;
import io.millrace.engine.delivery.Repeats;
import io.millrace.engine.execute.OutcomeQueue;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.CommitAttachment;
import io.millrace.engine.offsets.CommitPolicy;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.offsets.ThreadClients;
import io.millrace.engine.outcome.RetryRule;

import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One epoch of one partition: the machine that decides, and what is around it on the stream thread.
 *
 * <p>Threading: StreamThread only.
 */
final class PartitionSession implements ThreadClients.Task {
    private static final int MAX_REPORTS_PER_DRAIN = 2_000;
    private static final long MAX_BYTES_PER_DRAIN = 8L * 1024 * 1024;
    private static final Duration MAX_DRAIN = Duration.ofMillis(5);

    /** Between two looks at the clock while much is done at once. */
    private static final int PER_LOOK = 16;

    /** Events of this partition per millisecond that make it busy. */
    private static final int BUSY_EVENTS = 4;

    /** Between two updates of the gauges. */
    private static final Duration TELL = Duration.ofMillis(50);

    /** How old the wall clock's time may be. */
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final TriggerRuntime runtime;
    private final ProcessorContext<byte @Nullable [], OutboundRecord> context;
    private final ThreadClients clients;
    private final PartitionEpoch epoch;
    private final DeliveryMachine machine;
    private final EventStore store;
    private final EpochWork work;
    private final OutcomeQueue<AttemptReport> reports;
    private final Queue<Lane> gathering = new ConcurrentLinkedQueue<>();
    private final MeteringPack metering;
    private final EffectApplier applier;
    private final CommitController commits;
    private final PartitionId partition;
    private final PartitionGauges gauges;
    private long lastTold;
    private long commitsSeen;
    private boolean blocked;
    private Moment latest;
    private long processed;
    private long lastTick;

    PartitionSession(
            TriggerRuntime runtime, ProcessorContext<byte @Nullable [], OutboundRecord> context) {
        this.runtime = runtime;
        this.context = context;
        Trigger trigger = runtime.trigger();
        this.partition = new PartitionId(trigger.sourceTopic(), context.taskId().partition());
        this.applier = runtime.applier();
        this.commits =
                new CommitController(
                        runtime.limits().commits(),
                        trigger.guarantee(),
                        runtime.clients().policy());
        this.clients = runtime.clients().ofCurrentThread();
        this.reports = new OutcomeQueue<>(clients::wake);
        this.metering = new MeteringPack(runtime.metering(), trigger, partition);
        KeyValueStore<Long, byte[]> parked = context.getStateStore(InvocationTopology.PARKED_STORE);
        this.store =
                clients.policy() == CommitPolicy.PENDING_STORE
                        ? new PendingStore(partition, parked)
                        : new LoggedParkingStore(
                                partition, parked, trigger.guarantee() == Guarantee.EXACTLY_ONCE);
        this.epoch = clients.activate(partition, this);
        this.machine =
                new DeliveryMachine(
                        epoch,
                        new LaneTable(trigger.lanes(), trigger.load().maxConcurrency()),
                        new DeliveryMachine.Setup(
                                new RetryRule(trigger.retry(), runtime.random()),
                                trigger.batch(),
                                () -> runtime.services().maxEvents(trigger),
                                runtime.throttle().breaker(),
                                store,
                                runtime.limits().parking(),
                                repeats(trigger, context)));
        this.work =
                new EpochWork(
                        trigger,
                        epoch,
                        machine.cut(),
                        reports,
                        gathering,
                        runtime.services(),
                        runtime.stopping());
        this.commitsSeen = clients.commits();
        this.latest = Moment.of(runtime.services().time());
        this.lastTick = latest.nanos();
        machine.restore(now());
        runtime.throttle().opened(partition.partition());
        this.gauges = new PartitionGauges(partition, reports::size);
        this.lastTold = lastTick;
        tell();
        runtime.gauges().opened(machine, gauges);
    }

    private static Repeats repeats(
            Trigger trigger, ProcessorContext<byte @Nullable [], OutboundRecord> context) {
        if (trigger.intake().deduplication().isEmpty()) {
            return Repeats.NONE;
        }
        WindowStore<byte[], Long> store = context.getStateStore(InvocationTopology.REPEATS_STORE);
        return new StoredRepeats(trigger.intake().deduplication().get(), store);
    }

    void process(Record<byte @Nullable [], byte @Nullable []> record) {
        RecordMetadata metadata =
                context.recordMetadata()
                        .orElseThrow(() -> new IllegalStateException("no record metadata"));
        if (!machine.isSettled(metadata.offset())) {
            RawEvent event = event(record, metadata);
            run(machine.admit(event, now()));
            keep(event);
            applyBackPressure();
        }
        // Only now: what throws here must not take the record with it.
        applyReports();
        processed++;
        if (processed % PER_LOOK == 0) {
            askForCommit(nanos());
        }
    }

    /** Where the position is committed at once, the event has to be in the store by then. */
    private void keep(RawEvent event) {
        if (machine.highest() == event.offset() && store.admitted(event)) {
            epoch.touch();
            commits.applied(1, 0, nanos());
        }
    }

    private RawEvent event(
            Record<byte @Nullable [], byte @Nullable []> record, RecordMetadata metadata) {
        List<Header> headers = List.of();
        if (record.headers().iterator().hasNext()) {
            headers = new ArrayList<>();
            for (org.apache.kafka.common.header.Header header : record.headers()) {
                headers.add(new Header(header.key(), Payload.of(header.value())));
            }
        }
        return new RawEvent(
                new EventPosition(partition, metadata.offset()),
                Payload.of(record.key()),
                Payload.of(record.value()),
                headers,
                record.timestamp());
    }

    /**
     * What is to be done without an event.
     *
     * @return whether so many events come that they do it, and ticks may be rare
     */
    boolean tick() {
        applyReports();
        if (clients.policy() == CommitPolicy.BARRIER) {
            // A barrier may have come down with partitions that came or went.
            run(machine.raiseLimit());
        }
        watchWindows();
        long now = nanos();
        if (!runtime.stopping().getAsBoolean()) {
            if (machine.nextDue() - now <= 0) {
                run(machine.due(now()));
            }
            runtime.throttle().tick(now);
        } else if (runtime.services().dispatcher().running() == 0 && reports.isEmpty()) {
            runtime.gauges().drained(machine);
        }
        askForCommit(now);
        if (now - lastTold >= TELL.toNanos()) {
            lastTold = now;
            copyStragglers();
            tell();
        }
        long millis = Math.max(1, (now - lastTick) / 1_000_000);
        boolean busy = processed >= BUSY_EVENTS * millis;
        processed = 0;
        lastTick = now;
        return busy;
    }

    private void copyStragglers() {
        if (clients.policy() != CommitPolicy.WATERMARK || commits.isOverdue(nanos())) {
            return;
        }
        Optional<List<Lane>> runnable;
        try {
            runnable =
                    machine.copyStragglers(
                            offset ->
                                    runtime.services()
                                            .attempts()
                                            .find(new EventPosition(partition, offset)),
                            now());
            store.complete();
        } catch (RuntimeException e) {
            throw poisoned(e);
        }
        if (runnable.isPresent()) {
            commits.applied(1, 0, nanos());
            run(runnable.get());
        }
    }

    private void tell() {
        gauges.tell(
                new PartitionGauges.Figures(
                        machine.unfinished(),
                        machine.queuedBytes(),
                        machine.parked(),
                        machine.parkedBytes(),
                        machine.alarms(),
                        epoch.metadata(),
                        epoch.headroom(),
                        blocked,
                        machine.repeated()));
        runtime.gauges().committed(clients.transactions(), clients.commitNanos());
    }

    private void askForCommit(long now) {
        if (clients.isBarrierUp()) {
            if (clients.isDrained()) {
                context.commit();
            }
            return;
        }
        if (commits.isWaiting() && commits.isDue(load(), now)) {
            clients.prepareCommit();
            if (clients.isDrained()) {
                context.commit();
            }
        }
    }

    private CommitController.Load load() {
        long idle = clients.idleNanos();
        long busy = clients.nanosSinceCommit() - idle;
        return new CommitController.Load(clients.isQuiet(), clients.commitNanos(), idle, busy);
    }

    /** A commit that a barrier holds up comes as soon as what is in flight has been applied. */
    private boolean isOverdue(long now) {
        return commits.isOverdue(now) && !clients.isBarrierUp();
    }

    private void watchWindows() {
        Lane lane = gathering.poll();
        while (lane != null) {
            machine.watchWindow(lane);
            lane = gathering.poll();
        }
    }

    private void applyReports() {
        if (clients.commits() != commitsSeen) {
            commitsSeen = clients.commits();
            commits.committed();
            run(machine.raiseLimit());
        }
        if (machine.hasArrivals()) {
            whole(machine::park);
            // These offsets are finished: they have to be committed as outcomes are.
            commits.applied(1, 0, nanos());
        }
        if (!reports.isEmpty()) {
            drain();
            applyBackPressure();
        }
        whole(store::complete);
    }

    private void drain() {
        Moment now = now();
        long start = now.nanos();
        if (isOverdue(start)) {
            return;
        }
        int applied = 0;
        long bytes = 0;
        while (applied < MAX_REPORTS_PER_DRAIN && bytes < MAX_BYTES_PER_DRAIN) {
            AttemptReport report = reports.peek();
            if (report == null) {
                return;
            }
            bytes += apply(report, now);
            reports.remove();
            applied++;
            if (applied % PER_LOOK == 0) {
                now = now();
                if (now.nanos() - start > MAX_DRAIN.toNanos()) {
                    return;
                }
            }
        }
    }

    /** Gives the bytes written. */
    private long apply(AttemptReport report, Moment now) {
        Decision decision = machine.decide(report, now);
        List<OutboundRecord> records = applier.records(decision);
        long bytes = 0;
        List<Lane> runnable;
        try {
            for (OutboundRecord record : records) {
                bytes += record.value().size();
                if (!clients.send(OutboundSerializer.toSend(record))) {
                    context.forward(OutboundSerializer.toForward(record));
                }
            }
            decision.metering().ifPresent(metering::add);
            runnable = machine.apply(decision, now);
            store.settled(decision);
        } catch (RuntimeException e) {
            throw poisoned(e);
        }
        commits.applied(1, bytes, now.nanos());
        runtime.gauges().applied(decision, now.nanos());
        run(runnable);
        return bytes;
    }

    /** Does all of this or, if it throws, has the transaction thrown away. */
    private void whole(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            throw poisoned(e);
        }
    }

    private RuntimeException poisoned(RuntimeException e) {
        clients.poison("an outcome of '" + partition + "' was applied in part: " + e);
        return e;
    }

    private void run(List<Lane> lanes) {
        for (Lane lane : lanes) {
            work.run(lane);
        }
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

    void close() {
        clients.deactivate(epoch);
        runtime.throttle().closed(partition.partition());
        runtime.gauges().closed(machine, gauges);
    }

    @Override
    public boolean hasReports() {
        return !reports.isEmpty() && !isOverdue(nanos());
    }

    @Override
    public void applyWaiting() {
        applyReports();
    }

    @Override
    public long nextDue() {
        long due = machine.nextDue();
        if (!commits.isWaiting() || clients.isBarrierUp()) {
            return due;
        }
        long now = nanos();
        long commit = now + commits.dueIn(load(), now);
        return due == Long.MAX_VALUE || commit - due < 0 ? commit : due;
    }

    @Override
    public CommitAttachment attachment() {
        return metering;
    }

    private Moment now() {
        if (nanos() - latest.nanos() >= MOMENT.toNanos()) {
            latest = Moment.of(runtime.services().time());
        }
        return latest;
    }

    private long nanos() {
        return runtime.services().time().nanos();
    }
}
