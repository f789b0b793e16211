package io.millrace.engine.simulation;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.delivery.Moment;
import io.millrace.engine.delivery.Repeats;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.CommitAttachment;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.offsets.SimulatedThread;
import io.millrace.engine.offsets.ThreadClients;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.outcome.RetryRule;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** One epoch of a partition: what the processor and the pool threads do, step by step. */
final class Session implements ThreadClients.Task {
    final List<Lane> ready = new ArrayList<>();
    final List<Running> running = new ArrayList<>();
    final ArrayDeque<AttemptReport> reports = new ArrayDeque<>();
    private final List<Lane> gathering = new ArrayList<>();
    private final Plan plan;
    private final SplittableRandom random;
    private final TimeSource time;
    private final SimulatedThread thread;
    private final PartitionId partition;
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final DeliveryMachine machine;
    private final SimulatedStore store;
    private final List<ProducerRecord<byte[], byte[]>> metering = new ArrayList<>();
    private int read;

    /** An invocation that has not come to its end. */
    record Running(Session session, Lane lane, Work work) {}

    /** What the sessions of a simulated process share. */
    record Surroundings(
            Plan plan,
            SplittableRandom random,
            TimeSource time,
            SimulatedThread thread,
            CircuitBreaker breaker) {}

    Session(Surroundings process, SimulatedStore store, PartitionId partition) {
        this.plan = process.plan();
        this.random = process.random();
        this.time = process.time();
        this.thread = process.thread();
        this.partition = partition;
        this.store = store;
        this.epoch = thread.open(partition, this);
        this.lanes = new LaneTable(plan.lanes(), 3);
        this.machine =
                new DeliveryMachine(
                        epoch,
                        lanes,
                        new DeliveryMachine.Setup(
                                new RetryRule(plan.appliedRetry(), random),
                                plan.batch(),
                                () -> plan.batch().maxEvents(),
                                process.breaker(),
                                store,
                                plan.parking(),
                                Repeats.NONE));
        machine.restore(now());
        List<RawEvent> log = log();
        long mark = epoch.tracker().highest() + 1;
        while (read < log.size() && log.get(read).offset() < mark) {
            read++;
        }
    }

    PartitionId partition() {
        return partition;
    }

    boolean isClosed() {
        return epoch.isClosed();
    }

    void close() {
        thread.clients().deactivate(epoch);
    }

    /** Takes the next event in, if there is one. */
    void read() {
        if (read == log().size()) {
            return;
        }
        RawEvent event = log().get(read++);
        if (!machine.isSettled(event.offset())) {
            ready.addAll(machine.admit(laneEvent(event), now()));
            machine.park();
        }
    }

    private RawEvent laneEvent(RawEvent event) {
        if (plan.mutant() != Mutant.LANE_KEY_SHUFFLED) {
            return event;
        }
        return new RawEvent(
                event.position(),
                Payload.of("shuffled " + random.nextInt(100)),
                event.value(),
                event.headers(),
                event.timestamp());
    }

    /** What Streams would commit: somewhere between the last event and the next. */
    long position() {
        List<RawEvent> log = log();
        long behindLast = read == 0 ? log.getFirst().offset() : log.get(read - 1).offset() + 1;
        long end = read == log.size() ? behindLast + random.nextInt(3) : log.get(read).offset();
        return random.nextBoolean() ? behindLast : end;
    }

    /** A pool thread takes a lane that is ready. */
    void start(Lane lane) {
        ready.remove(lane);
        if (!isClosed()) {
            run(lane, orReleased(lane, take(lane)));
        }
    }

    private @Nullable Work take(Lane lane) {
        return lane.take(plan.batch().maxEvents(), machine.cut(), limit(), time.nanos());
    }

    private @Nullable Work takeNext(Lane lane, AttemptReport report, ArrayDeque<AttemptReport> to) {
        return lane.takeNext(
                () -> to.add(report),
                plan.batch().maxEvents(),
                machine.cut(),
                limit(),
                time.nanos());
    }

    private void run(Lane lane, @Nullable Work work) {
        if (work == null) {
            return;
        }
        Verifier.checkStart(this, work, plan);
        running.add(new Running(this, lane, work));
    }

    private @Nullable Work orReleased(Lane lane, @Nullable Work taken) {
        Work work = taken;
        while (work == null && lane.release(limit())) {
            work = take(lane);
        }
        if (work == null && lane.gatheringEnds().isPresent()) {
            gathering.add(lane);
        }
        return work;
    }

    /** How an invocation ended. */
    record End(List<ItemEnd> items, Optional<Failure> whole, int handled, Optional<String> state) {}

    /** A handler comes back; what its thread does next is what LaneRunner does. */
    void end(Running ended, End end, ArrayDeque<AttemptReport> to) {
        running.remove(ended);
        Lane lane = ended.lane();
        AttemptReport report = report(ended, end);
        boolean rests = report.rests();
        if (rests && plan.mutant() == Mutant.LANE_NOT_RESTED) {
            run(lane, takeNext(lane, report, to));
        } else if (rests) {
            lane.rest();
            to.add(report);
        } else if (isClosed()) {
            to.add(report);
        } else if (random.nextInt(4) == 0) {
            if (lane.yieldTurn(() -> to.add(report))) {
                ready.add(lane);
            }
        } else {
            run(lane, orReleased(lane, takeNext(lane, report, to)));
        }
    }

    private AttemptReport report(Running ended, End end) {
        String offsets =
                ended.work().closesWindow()
                        ? Verifier.nameOfWindow(ended.work())
                        : ended.work().events().stream()
                                .map(event -> Long.toString(event.offset()))
                                .collect(Collectors.joining(","));
        return new AttemptReport(
                ended.lane(),
                ended.work(),
                end.items(),
                end.whole(),
                end.handled(),
                new RequestId(partition.partition() + "/" + offsets),
                Samples.FUNCTION,
                new AttemptReport.Span(time.now(), Duration.ofMillis(1)),
                end.state());
    }

    /**
     * Applies the oldest report, as the processor does.
     *
     * @param breaks whether something throws in the middle
     */
    void apply(boolean breaks) {
        AttemptReport report = reports.peek();
        if (report == null) {
            return;
        }
        Decision decision = machine.decide(report, now());
        boolean partly = breaks && !decision.settled().isEmpty();
        for (Decision.Settled settled : decision.settled()) {
            thread.send(record(report, settled));
            if (partly) {
                if (plan.mutant() != Mutant.HALF_OUTCOME_COMMITTED) {
                    thread.clients().poison("broken on purpose");
                }
                return;
            }
        }
        if (plan.mutant() != Mutant.METERING_DROPPED || decision.retained().isEmpty()) {
            decision.metering().ifPresent(this::meter);
        }
        ready.addAll(machine.apply(decision, now()));
        reports.remove();
        Verifier.checkMachine(this);
    }

    private ProducerRecord<byte[], byte[]> record(AttemptReport report, Decision.Settled settled) {
        if (report.work().closesWindow()) {
            String text = WindowVerifier.record(partition, report, settled);
            return new ProducerRecord<>(
                    WindowVerifier.TOPIC, text.getBytes(StandardCharsets.UTF_8));
        }
        String topic =
                switch (settled.outcome()) {
                    case Outcome.Succeeded _ -> "results";
                    case Outcome.Failed _ -> "dead";
                    case Outcome.Filtered _ -> Verifier.FILTERED;
                };
        int attempts =
                report.handled() > 0
                        ? report.work().attempt()
                        : report.work().progress().attempts();
        String text = partition.partition() + "/" + settled.event().offset() + "/" + attempts;
        return new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    private void meter(MeteringLine line) {
        String text = line.requestId() + "/" + line.attempt();
        metering.add(new ProducerRecord<>("metering", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Retries whose time has come, and windows. */
    void tick() {
        gathering.forEach(machine::watchWindow);
        gathering.clear();
        ready.addAll(machine.due(now()));
        machine.copyStragglers(this::runningEvent, now()).ifPresent(ready::addAll);
        Verifier.checkMachine(this);
    }

    private Optional<RawEvent> runningEvent(long offset) {
        return running.stream()
                .flatMap(one -> one.work().events().stream())
                .filter(event -> event.offset() == offset)
                .findFirst();
    }

    boolean isDone() {
        return read == log().size()
                && machine.unfinished() == 0
                && machine.parked() == 0
                && !machine.hasOpenWindow()
                && reports.isEmpty();
    }

    DeliveryMachine machine() {
        return machine;
    }

    LaneTable lanes() {
        return lanes;
    }

    SimulatedStore store() {
        return store;
    }

    private List<RawEvent> log() {
        return plan.log().getOrDefault(partition, List.of());
    }

    private long limit() {
        return epoch.limit().get();
    }

    private Moment now() {
        return Moment.of(time);
    }

    @Override
    public boolean hasReports() {
        return !reports.isEmpty();
    }

    @Override
    public long nextDue() {
        return machine.nextDue();
    }

    @Override
    public CommitAttachment attachment() {
        return () -> {
            var drained = List.copyOf(metering);
            metering.clear();
            return drained;
        };
    }
}
