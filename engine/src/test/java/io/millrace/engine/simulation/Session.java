package io.millrace.engine.simulation;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.delivery.DeliveryMachine;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.model.AttemptEnd;
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
import io.millrace.engine.outcome.DispositionRule;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** One epoch of a partition: what the processor and the pool threads do, step by step. */
final class Session implements ThreadClients.Task {
    private static final int MAX_BYTES = 1_000_000;

    final List<Lane> ready = new ArrayList<>();
    final List<Running> running = new ArrayList<>();
    final ArrayDeque<AttemptReport> reports = new ArrayDeque<>();
    private final Plan plan;
    private final SplittableRandom random;
    private final TimeSource time;
    private final SimulatedThread thread;
    private final PartitionId partition;
    private final PartitionEpoch epoch;
    private final LaneTable lanes;
    private final DeliveryMachine machine;
    private final List<ProducerRecord<byte[], byte[]>> metering = new ArrayList<>();
    private int read;

    /** An invocation that has not come to its end. */
    record Running(Session session, Lane lane, Lane.Work work) {}

    Session(
            Plan plan,
            SplittableRandom random,
            TimeSource time,
            SimulatedThread thread,
            PartitionId partition) {
        this.plan = plan;
        this.random = random;
        this.time = time;
        this.thread = thread;
        this.partition = partition;
        this.epoch = thread.open(partition, this);
        this.lanes = new LaneTable(plan.lanes());
        this.machine =
                new DeliveryMachine(epoch, lanes, new DispositionRule(plan.appliedRetry(), random));
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
    boolean read() {
        if (read == log().size()) {
            return false;
        }
        RawEvent event = log().get(read++);
        if (!machine.isSettled(event.offset())) {
            ready.addAll(machine.admit(laneEvent(event)));
        }
        return true;
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
            run(lane, orReleased(lane, lane.take(plan.batch(), MAX_BYTES, limit())));
        }
    }

    private void run(Lane lane, Lane.@Nullable Work work) {
        if (work == null) {
            return;
        }
        Verifier.checkStart(this, work, plan);
        running.add(new Running(this, lane, work));
    }

    private Lane.@Nullable Work orReleased(Lane lane, Lane.@Nullable Work taken) {
        Lane.Work work = taken;
        while (work == null && lane.release(limit())) {
            work = lane.take(plan.batch(), MAX_BYTES, limit());
        }
        return work;
    }

    /** A handler comes back; what its thread does next is what LaneRunner does. */
    void end(Running ended, AttemptEnd end, int handled, ArrayDeque<AttemptReport> to) {
        running.remove(ended);
        Lane lane = ended.lane();
        AttemptReport report = report(ended, end, handled);
        if (!report.isClean() && plan.mutant() == Mutant.LANE_NOT_RESTED) {
            run(lane, lane.takeNext(() -> to.add(report), plan.batch(), MAX_BYTES, limit()));
        } else if (!report.isClean()) {
            lane.rest();
            to.add(report);
        } else if (isClosed()) {
            to.add(report);
        } else if (random.nextInt(4) == 0) {
            if (lane.yieldTurn(() -> to.add(report))) {
                ready.add(lane);
            }
        } else {
            run(
                    lane,
                    orReleased(
                            lane,
                            lane.takeNext(() -> to.add(report), plan.batch(), MAX_BYTES, limit())));
        }
    }

    private AttemptReport report(Running ended, AttemptEnd end, int handled) {
        String offsets =
                ended.work().events().stream()
                        .map(event -> Long.toString(event.offset()))
                        .collect(Collectors.joining(","));
        return new AttemptReport(
                ended.lane(),
                ended.work(),
                end,
                handled,
                new RequestId(partition.partition() + "/" + offsets),
                Samples.FUNCTION,
                new AttemptReport.Span(time.now(), Duration.ofMillis(1)));
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
        Decision decision = machine.decide(report);
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
        int dropped = plan.mutant() == Mutant.METERING_DROPPED ? decision.metering().size() - 1 : 0;
        decision.metering().stream().skip(Math.max(0, dropped)).forEach(this::meter);
        ready.addAll(machine.apply(decision, time.nanos()));
        reports.remove();
        Verifier.checkMachine(this);
    }

    private ProducerRecord<byte[], byte[]> record(AttemptReport report, Decision.Settled settled) {
        String topic = settled.outcome() instanceof Outcome.Succeeded ? "results" : "dead";
        String text =
                partition.partition()
                        + "/"
                        + settled.event().offset()
                        + "/"
                        + report.work().attempt();
        return new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    private void meter(MeteringLine line) {
        String text = line.requestId() + "/" + line.attempt();
        metering.add(new ProducerRecord<>("metering", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Retries whose time has come. */
    void tick() {
        ready.addAll(machine.due(time.nanos()));
    }

    boolean isDone() {
        return read == log().size() && machine.unfinished() == 0 && reports.isEmpty();
    }

    DeliveryMachine machine() {
        return machine;
    }

    LaneTable lanes() {
        return lanes;
    }

    private List<RawEvent> log() {
        return plan.log().getOrDefault(partition, List.of());
    }

    private long limit() {
        return epoch.limit().get();
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
