package io.millrace.engine.simulation;

import io.millrace.engine.lane.Lane;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RawEvent;
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
    private static final int MAX_METADATA = 3_900;

    private final Plan plan;
    private final SimulatedBroker broker;
    private final Map<String, Integer> outcomes = new HashMap<>();
    private final Map<String, List<Integer>> metered = new HashMap<>();

    Verifier(Plan plan, SimulatedBroker broker) {
        this.plan = plan;
        this.broker = broker;
    }

    void verify() {
        read();
        plan.log().forEach(this::verifyPartition);
        if (broker.longestMetadata() > MAX_METADATA) {
            throw new AssertionError("metadata of " + broker.longestMetadata() + " characters");
        }
    }

    /** Before an invocation: no other of the same key, and not more often than allowed. */
    static void checkStart(Session session, Lane.Work work, Plan plan) {
        if (work.attempt() > plan.retry().maxAttempts()) {
            throw new AssertionError("attempts: " + work.attempt() + " of " + work.events());
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
        if (session.machine().unfinished() == 0) {
            if (session.machine().queuedBytes() != 0) {
                throw new AssertionError("bytes " + session.machine().queuedBytes());
            }
            if (session.lanes().size() != 0) {
                throw new AssertionError("lanes not forgotten: " + session.lanes().size());
            }
            if (session.machine().retriesWaiting() != 0) {
                throw new AssertionError("timers " + session.machine().retriesWaiting());
            }
        }
    }

    private void read() {
        var highest = new HashMap<String, Long>();
        var seen = new HashSet<String>();
        Map<String, String> keys = keys();
        for (ProducerRecord<byte[], byte[]> record : broker.committed()) {
            String text = new String(record.value(), StandardCharsets.UTF_8);
            String[] parts = text.split("/", -1);
            int attempt = Integer.parseInt(parts[2]);
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
            String event = parts[0] + "/" + parts[1];
            if (outcomes.put(event, attempt) != null) {
                throw new AssertionError("twice: event " + event);
            }
            String lane = parts[0] + "/" + keys.get(event);
            long offset = Long.parseLong(parts[1]);
            Long before = highest.put(lane, offset);
            if (before != null && before > offset) {
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

    /**
     * Attempts 1..n of the outcome, metered once each. In a batch whose first events were settled
     * alone the rest has been metered with them, and begins anew after a crash.
     */
    private void verifyMetering(String name, int attempts) {
        List<Integer> lines = metered.getOrDefault(name, List.of());
        int expected = 1;
        int runs = 1;
        for (int line : lines) {
            if (line == 1 && expected > 1) {
                expected = 1;
                runs++;
            }
            if (line != expected++) {
                throw new AssertionError("metering of " + name + ": " + lines);
            }
        }
        if (expected - 1 != attempts || (runs > 1 && plan.batch() == 1)) {
            throw new AssertionError(
                    "metering of " + name + ": " + lines + ", outcome of attempt " + attempts);
        }
    }

    private static String nameOf(PartitionId partition, long offset) {
        return partition.partition() + "/" + offset;
    }
}
