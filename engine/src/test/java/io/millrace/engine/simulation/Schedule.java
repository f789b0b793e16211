package io.millrace.engine.simulation;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Samples;
import io.millrace.engine.offsets.SimulatedBroker;
import io.millrace.engine.offsets.SimulatedThread;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.time.ManualTimeSource;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** One random history: chooses each step, and plays Kafka Streams where things go wrong. */
final class Schedule {
    private static final int MAX_STEPS_TO_END = 20_000;

    private final SplittableRandom random;
    private final Plan plan;
    private final ManualTimeSource time = new ManualTimeSource();
    private final SimulatedBroker broker = new SimulatedBroker();
    private final Map<PartitionId, Session> sessions = new HashMap<>();
    private final Map<PartitionId, Long> marks = new HashMap<>();
    private final Set<PartitionId> firstCommits = new HashSet<>();
    private final Set<TopicPartition> presented = new HashSet<>();

    /** Handlers of former epochs that still run: their process is alive. */
    private final List<Session.Running> late = new ArrayList<>();

    /** What was ever put into a parking store. */
    private final WrittenValues parked = new WrittenValues();

    private SimulatedThread thread = new SimulatedThread(broker, time);
    private CircuitBreaker breaker;
    private boolean calm;

    Schedule(long seed, Mutant mutant) {
        random = new SplittableRandom(seed);
        plan = Plan.of(random, mutant);
        breaker = new CircuitBreaker(plan.breaker());
        plan.log()
                .forEach(
                        (partition, events) -> broker.start(partition, events.getFirst().offset()));
        breakBroker();
        openAll();
    }

    void play() {
        int steps = random.nextInt(20, 60 + 12 * plan.events());
        for (int step = 0; step < steps; step++) {
            step();
        }
        calm = true;
        comeToRest();
        // Where the producer was poisoned, the first commit starts everything anew.
        comeToRest();
        new Verifier(plan, broker, parked).verify();
    }

    private void comeToRest() {
        int left = MAX_STEPS_TO_END;
        while (!isDone()) {
            if (left-- == 0) {
                throw new AssertionError("stands still");
            }
            step();
        }
        commit(false, false);
    }

    private boolean isDone() {
        return sessions.values().stream().allMatch(Session::isDone);
    }

    private void step() {
        Session session = anyOf(List.copyOf(sessions.values()));
        switch (random.nextInt(10)) {
            case 0, 1 -> session.read();
            case 2, 3 -> {
                int running = sessions.values().stream().mapToInt(s -> s.running.size()).sum();
                if (!session.ready.isEmpty() && running < breaker.permits(100, time.nanos())) {
                    session.start(anyOf(session.ready));
                }
            }
            case 4, 5 -> end(session.running);
            case 6, 7 -> session.apply(!calm && random.nextInt(100) == 0);
            case 8 -> {
                time.advance(Duration.ofMillis(random.nextInt(plan.isWindowed() ? 200 : 20)));
                session.tick();
                if (!late.isEmpty() && random.nextBoolean()) {
                    end(late);
                }
            }
            default -> fault();
        }
    }

    private void fault() {
        int chance = calm ? 1_000 : plan.crashesPerMille();
        if (calm || random.nextInt(1_000) >= chance) {
            commit(!calm && random.nextInt(8) == 0, !calm && random.nextInt(60) == 0);
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> crash();
            case 1 -> rebuild();
            // One task is closed dirty, the others live on.
            case 2 -> reopen(List.of(anyOf(List.copyOf(sessions.keySet()))));
            default -> reopen(List.copyOf(sessions.keySet()));
        }
    }

    private void end(List<Session.Running> choices) {
        if (choices.isEmpty()) {
            return;
        }
        Session.Running ended = anyOf(choices);
        choices.remove(ended);
        ArrayDeque<AttemptReport> to = ended.session().reports;
        Session present = sessions.get(ended.session().partition());
        if (plan.mutant() == Mutant.OLD_EPOCH_ACCEPTED && present != null) {
            to = present.reports;
        }
        int size = ended.work().events().size();
        if (fails() && random.nextInt(4) == 0) {
            // Never reached the handler.
            Failure away = Samples.failure(Failure.Kind.UNAVAILABLE);
            ended.session().end(ended, all(away, size, Optional.empty(), 0), to);
        } else if (fails()) {
            Failure timedOut = Samples.failure(Failure.Kind.TIMED_OUT);
            ended.session().end(ended, all(timedOut, size, Optional.of(timedOut), size), to);
        } else {
            var items = new ArrayList<ItemEnd>();
            for (int i = 0; i < size; i++) {
                items.add(ended.work().closesWindow() ? unfilteredItem() : item());
            }
            ended.session().end(ended, answered(ended.work(), items), to);
        }
    }

    private Session.End answered(Work work, List<ItemEnd> items) {
        int handled = (int) items.stream().filter(item -> !item.equals(ItemEnd.FILTERED)).count();
        if (work.window().isEmpty()) {
            return new Session.End(items, Optional.empty(), handled, Optional.empty());
        }
        var folded = new WindowFold(plan, work, items);
        boolean tooLarge = random.nextInt(200) == 0;
        return new Session.End(
                folded.items(), Optional.empty(), handled, Optional.of(folded.state(tooLarge)));
    }

    private static Session.End all(
            Failure failure, int size, Optional<Failure> whole, int handled) {
        return new Session.End(
                Collections.nCopies(size, new ItemEnd.Failed(failure)),
                whole,
                handled,
                Optional.empty());
    }

    private ItemEnd item() {
        if (random.nextInt(1_000) < plan.filteredPerMille()) {
            return ItemEnd.FILTERED;
        }
        return unfilteredItem();
    }

    private ItemEnd unfilteredItem() {
        if (!fails()) {
            return new ItemEnd.Done(Output.NONE);
        }
        return new ItemEnd.Failed(
                random.nextInt(5) == 0
                        ? Samples.failure(Failure.Kind.NON_RETRYABLE)
                        : Samples.FAILURE);
    }

    private boolean fails() {
        return random.nextInt(1_000) < plan.failuresPerMille();
    }

    private void commit(boolean leavesOneOut, boolean fails) {
        var positions = new HashMap<PartitionId, Long>();
        sessions.forEach((partition, session) -> positions.put(partition, session.position()));
        if (leavesOneOut) {
            positions.remove(anyOf(List.copyOf(positions.keySet())));
        }
        presented.clear();
        positions.forEach((partition, _) ->
                presented.add(new TopicPartition(partition.topic(), partition.partition())));
        try {
            thread.commit(positions, fails);
        } catch (ProducerFencedException poisoned) {
            rebuild();
            return;
        } catch (TimeoutException noAnswer) {
            reopen(List.copyOf(positions.keySet()));
            return;
        }
        for (PartitionId partition : plan.log().keySet()) {
            long mark = broker.offset(partition).offset();
            if (plan.mutant() == Mutant.NONE && mark < marks.getOrDefault(partition, 0L)) {
                throw new AssertionError("the mark of " + partition + " moved back to " + mark);
            }
            marks.put(partition, mark);
        }
    }

    private void crash() {
        broker.abort();
        sessions.clear();
        late.clear();
        thread = new SimulatedThread(broker, time);
        breaker = new CircuitBreaker(plan.breaker());
        openAll();
    }

    private void rebuild() {
        List<PartitionId> all = List.copyOf(sessions.keySet());
        all.forEach(this::close);
        thread.abort();
        thread.replaceProducer();
        openAll();
    }

    /** These tasks are closed dirty and revived: with them the transaction of all is aborted. */
    private void reopen(List<PartitionId> partitions) {
        partitions.forEach(this::close);
        thread.abort();
        if (plan.mutant() == Mutant.ABORT_FORGOTTEN) {
            thread.forgetPoison();
        }
        partitions.forEach(this::open);
    }

    private void close(PartitionId partition) {
        Session session = sessions.remove(partition);
        if (session != null) {
            session.close();
            late.addAll(session.running);
        }
    }

    private void openAll() {
        plan.log().keySet().forEach(this::open);
    }

    private void open(PartitionId partition) {
        if (!broker.finished(partition).isEmpty()) {
            firstCommits.add(partition);
        }
        var store = new SimulatedStore(partition, plan, parked, broker, thread::send);
        var process = new Session.Surroundings(plan, random, time, thread, breaker);
        sessions.put(partition, new Session(process, store, partition));
    }

    private void breakBroker() {
        switch (plan.mutant()) {
            case ABORTED_RECORDS_READ -> broker.keepAborted();
            case POSITION_COMMITTED ->
                    broker.breakOffsets(sent -> {
                        var broken = new HashMap<>(sent);
                        broken.replaceAll(
                                (partition, _) -> new OffsetAndMetadata(positionOf(partition)));
                        return broken;
                    });
            case SET_NOT_COMMITTED -> broker.breakOffsets(Schedule::withoutSets);
            case RECOVERED_SET_DROPPED ->
                    broker.breakOffsets(sent -> {
                        var broken = new HashMap<>(sent);
                        broken.replaceAll((partition, value) ->
                                firstCommits.remove(idOf(partition))
                                        ? new OffsetAndMetadata(value.offset())
                                        : value);
                        return broken;
                    });
            case LEFT_OUT_PARTITION ->
                    broker.breakOffsets(sent -> {
                        var broken = new HashMap<>(sent);
                        broken.keySet().retainAll(presented);
                        return broken;
                    });
            case NONE,
                    OLD_EPOCH_ACCEPTED,
                    LANE_KEY_SHUFFLED,
                    METERING_DROPPED,
                    ABORT_FORGOTTEN,
                    HALF_OUTCOME_COMMITTED,
                    ONE_ATTEMPT_MORE,
                    LANE_NOT_RESTED,
                    NOTES_FORGOTTEN,
                    PARKED_NOT_DELETED,
                    WINDOW_STATE_APART,
                    WINDOW_DROPPED,
                    WINDOW_REOPENED,
                    WINDOW_ATTEMPTS_FORGOTTEN -> {}
        }
    }

    private long positionOf(TopicPartition partition) {
        Session session = sessions.get(idOf(partition));
        return session == null ? 0 : session.position();
    }

    private static PartitionId idOf(TopicPartition partition) {
        return new PartitionId(partition.topic(), partition.partition());
    }

    private static Map<TopicPartition, OffsetAndMetadata> withoutSets(
            Map<TopicPartition, OffsetAndMetadata> sent) {
        var broken = new HashMap<>(sent);
        broken.replaceAll((_, value) -> new OffsetAndMetadata(value.offset()));
        return broken;
    }

    private <T> T anyOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
