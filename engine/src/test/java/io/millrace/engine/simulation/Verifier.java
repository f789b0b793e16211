package io.millrace.engine.simulation;

import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.SimulatedBroker;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What must hold after a schedule, told from what a reader of committed data sees. */
final class Verifier {
    /** Where the simulation records events that leave nothing behind. */
    static final String FILTERED = "filtered";

    private static final int MAX_METADATA = 3_900;

    private final Plan plan;
    private final SimulatedBroker broker;
    private final Map<String, Integer> outcomes = new HashMap<>();
    private final Map<String, List<Integer>> metered = new HashMap<>();

    private final List<String> succeeded = new ArrayList<>();
    private final WrittenValues parked;
    private final WindowVerifier windows;

    Verifier(Plan plan, SimulatedBroker broker, WrittenValues parked) {
        this.windows = new WindowVerifier(plan);
        this.plan = plan;
        this.broker = broker;
        this.parked = parked;
    }

    void verify() {
        read();
        plan.log().forEach(this::verifyPartition);
        if (plan.isWindowed()) {
            windows.finals().forEach(this::verifyMetering);
            windows.verify(succeeded);
        }
        if (broker.longestMetadata() > MAX_METADATA) {
            throw new AssertionError("metadata of " + broker.longestMetadata() + " characters");
        }
    }

    /** Before an invocation: no other of the same key, and not more often than allowed. */
    static void checkStart(Session session, Work work, Plan plan) {
        if (work.progress().strikes() >= plan.retry().maxAttempts()) {
            throw new AssertionError("attempts: " + work.progress() + " of " + work.events());
        }
        if (work.events().size() > plan.batch().maxEvents()) {
            throw new AssertionError("batch of " + work.events().size());
        }
        if (plan.isWindowed()) {
            WindowVerifier.checkStart(work);
        }
        if (!plan.lanes().isOrdered()) {
            return;
        }
        var keys = new HashSet<>();
        work.events().forEach(event -> keys.add(event.key()));
        for (Session.Running other : session.running) {
            for (RawEvent event : other.work().events()) {
                if (keys.contains(event.key())) {
                    throw new AssertionError(
                            "order: " + work.events() + " beside " + other.work().events());
                }
            }
        }
    }

    /** After an outcome: nothing is held that is not unfinished. */
    static void checkMachine(Session session) {
        if (session.machine().unfinished() > 0
                || session.machine().parked() > 0
                || session.machine().hasOpenWindow()) {
            return;
        }
        if (session.machine().queuedBytes() != 0 || session.machine().parkedBytes() != 0) {
            throw new AssertionError("bytes are held of no event");
        }
        if (session.lanes().isOrdered() && session.lanes().size() != 0) {
            throw new AssertionError("lanes not forgotten: " + session.lanes().size());
        }
        session.store()
                .forEach((offset, entry) -> {
                    if (offset <= session.machine().highest()) {
                        throw new AssertionError("metering: a note of " + offset + " is left");
                    }
                });
    }

    private void read() {
        var highest = new HashMap<String, Long>();
        var seen = new HashSet<String>();
        Map<String, String> keys = keys();
        for (ProducerRecord<byte[], byte[]> record : broker.committed()) {
            String text = new String(record.value(), StandardCharsets.UTF_8);
            String[] parts = text.split("/", -1);
            int attempt = Integer.parseInt(parts[2]);
            if (record.topic().equals(SimulatedStore.CHANGELOG)) {
                continue;
            }
            if (record.topic().equals("metering")) {
                if (!seen.add(text)) {
                    throw new AssertionError("metering: attempt " + text + " twice");
                }
                for (String offset : parts[1].split(",", -1)) {
                    metered.computeIfAbsent(parts[0] + "/" + offset, _ -> new ArrayList<>())
                            .add(attempt);
                }
                continue;
            }
            if (record.topic().equals(WindowVerifier.TOPIC)) {
                windows.read(parts);
                continue;
            }
            String event = parts[0] + "/" + parts[1];
            if (outcomes.put(event, attempt) != null) {
                throw new AssertionError("twice: event " + event);
            }
            if (record.topic().equals(FILTERED)) {
                continue;
            }
            if (record.topic().equals("results")) {
                succeeded.add(event);
            }
            String lane = parts[0] + "/" + keys.get(event);
            long offset = Long.parseLong(parts[1]);
            Long before = highest.put(lane, offset);
            if (plan.keepsOrder() && before != null && before > offset) {
                throw new AssertionError("order: " + offset + " after " + before + " of " + lane);
            }
        }
    }

    private Map<String, String> keys() {
        var keys = new HashMap<String, String>();
        plan.log()
                .forEach((partition, events) ->
                        events.forEach(event ->
                                keys.put(nameOf(partition, event.offset()), event.key().text())));
        return keys;
    }

    private void verifyPartition(PartitionId partition, List<RawEvent> events) {
        FinishedSet finished = broker.finished(partition);
        var left = SimulatedStore.committed(partition, parked, broker);
        if (!left.isEmpty()) {
            throw new AssertionError("still parked: " + left.keySet());
        }
        if (SimulatedStore.committedWindow(partition, parked, broker)
                .flatMap(PartitionWindow::open)
                .isPresent()) {
            throw new AssertionError("window: still open");
        }
        for (RawEvent event : events) {
            String name = nameOf(partition, event.offset());
            Integer attempt = outcomes.get(name);
            if (attempt == null) {
                throw new AssertionError("lost: event " + name);
            }
            if (!finished.contains(event.offset())) {
                throw new AssertionError("unfinished: " + name + " in " + finished);
            }
            verifyMetering(name, attempt);
        }
    }

    /** Attempts 1..n up to the outcome, metered once each, in this order. */
    private void verifyMetering(String name, int attempts) {
        List<Integer> lines = metered.getOrDefault(name, List.of());
        int expected = 1;
        for (int line : lines) {
            if (line != expected++) {
                throw new AssertionError("metering of " + name + ": " + lines);
            }
        }
        if (expected - 1 != attempts) {
            throw new AssertionError(
                    "metering of " + name + ": " + lines + ", outcome of attempt " + attempts);
        }
    }

    /** A final invocation, by what it closes. */
    static String nameOfWindow(Work work) {
        WindowInput window = work.window().orElseThrow();
        return "w"
                + window.start().toEpochMilli()
                + "-"
                + window.closing().orElseThrow().contents().lastOffset();
    }

    private static String nameOf(PartitionId partition, long offset) {
        return partition.partition() + "/" + offset;
    }
}
