package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Random changes of a bucket, tasks that crash at any time, and chunks so small that they are split
 * and merged all the time. What reached the topic is played into a map, which must end up as the
 * bucket.
 */
final class StateOverCrashesTest {
    private static final long SEEDS = Long.getLong("millrace.seeds", 100);
    private static final RecordMetadata DELIVERED =
            new RecordMetadata(new TopicPartition("objects", 0), 0, 0, 0, 0, 0);

    @Test
    void shouldTellOnceAndInOrderOverCrashesAtEveryPrefixOfWrites() throws InterruptedException {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Scenario(seed).runExactlyOnce();
        }
    }

    @Test
    void shouldLoseNothingThoughEachChunkKeepsAnotherPrefixOfItsWrites()
            throws InterruptedException {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Scenario(seed).runAtLeastOnce();
        }
    }

    private static final class Scenario {
        private final SplittableRandom random;
        private final long seed;
        private final FakeStore store;
        private final FakeWorker worker = new FakeWorker();
        private final ManualClock clock = new ManualClock();
        private final ChunkLimits limits;
        private final Map<String, String> told = new TreeMap<>();
        private final List<SourceRecord> underWay = new ArrayList<>();
        private final List<SourceRecord> acknowledged = new ArrayList<>();
        private ObjectStoreSourceTask task;
        private int appended;

        Scenario(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.store = new FakeStore(1 + random.nextInt(9));
            this.limits = new ChunkLimits(2 + random.nextInt(7), 60 + random.nextInt(2_000));
            this.task = started();
        }

        void runExactlyOnce() throws InterruptedException {
            for (int step = 0; step < 120; step++) {
                changeTheBucket();
                List<SourceRecord> records = poll();
                int fate = random.nextInt(10);
                // The worker commits a poll as a whole; a prefix is harder.
                int stored = fate == 0 ? random.nextInt(records.size() + 1) : records.size();
                for (SourceRecord record : records.subList(0, stored)) {
                    worker.deliver(List.of(record));
                    judge(record);
                }
                if (fate <= 1) {
                    task = started();
                } else {
                    records.forEach(record -> task.commitRecord(record, DELIVERED));
                }
            }
            for (List<SourceRecord> rest = rest(); !rest.isEmpty(); rest = rest()) {
                rest.forEach(this::judge);
            }
            task = started();
            assertThat(rest()).as("after a restart, seed %s", seed).isEmpty();
            assertThat(told).as("seed %s", seed).isEqualTo(bucket());
        }

        void runAtLeastOnce() throws InterruptedException {
            for (int step = 0; step < 120; step++) {
                changeTheBucket();
                underWay.addAll(poll());
                acknowledgeSome();
                int fate = random.nextInt(10);
                if (fate < 4) {
                    acknowledged.forEach(this::store);
                    acknowledged.clear();
                } else if (fate == 4) {
                    // What was sent and not stored may be in the topic or not: here it is not.
                    underWay.clear();
                    acknowledged.clear();
                    task = started();
                }
            }
            acknowledged.forEach(this::store);
            underWay.forEach(this::store);
            task = started();
            for (List<SourceRecord> rest = rest(); !rest.isEmpty(); rest = rest()) {
                rest.forEach(this::apply);
            }
            assertThat(told).as("seed %s", seed).isEqualTo(bucket());
        }

        private void store(SourceRecord record) {
            worker.deliver(List.of(record));
            apply(record);
        }

        /**
         * The records of one source partition are acknowledged in order, and so are those of one
         * object, which are in one partition of the topic; the others in no order.
         */
        private void acknowledgeSome() {
            Set<Object> stuck = new HashSet<>();
            for (Iterator<SourceRecord> each = underWay.iterator(); each.hasNext(); ) {
                SourceRecord record = each.next();
                if (stuck.contains(record.sourcePartition())
                        || stuck.contains(record.key())
                        || random.nextInt(4) == 0) {
                    stuck.add(record.sourcePartition());
                    stuck.add(record.key());
                } else {
                    each.remove();
                    acknowledged.add(record);
                    task.commitRecord(record, DELIVERED);
                }
            }
        }

        /** Everything that is left to tell of, delivered. */
        private List<SourceRecord> rest() throws InterruptedException {
            List<SourceRecord> rest = new ArrayList<>();
            for (int polls = 0; polls < 300; polls++) {
                List<SourceRecord> records = poll();
                worker.deliver(records);
                records.forEach(record -> task.commitRecord(record, DELIVERED));
                rest.addAll(records);
            }
            return rest;
        }

        private void judge(SourceRecord record) {
            Struct value = (Struct) record.value();
            String key = value.getString("key");
            boolean known = told.containsKey(key);
            assertThat(value.getString("kind").equals("CREATED"))
                    .as("%s, seed %s", value, seed)
                    .isNotEqualTo(known);
            if (known) {
                assertThat(value.getString("eTag"))
                        .as("%s, seed %s", value, seed)
                        .isNotEqualTo(told.get(key));
            }
            apply(record);
        }

        private void apply(SourceRecord record) {
            Struct value = (Struct) record.value();
            if (value.getString("kind").equals("DELETED")) {
                told.remove(value.getString("key"));
            } else {
                told.put(value.getString("key"), String.valueOf(value.getString("eTag")));
            }
        }

        private Map<String, String> bucket() {
            return store.objects().values().stream()
                    .collect(Collectors.toMap(StoredObject::key, StoredObject::eTag));
        }

        private void changeTheBucket() {
            for (int i = random.nextInt(6); i > 0; i--) {
                String key = String.format("k%02d", random.nextInt(60));
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> store.put(key);
                    case 3 -> store.put(String.format("m%05d", appended++));
                    case 4 -> store.put(String.format("c%05d", 99_999 - appended++));
                    case 5 -> removeMany();
                    default -> store.remove(key);
                }
            }
        }

        private void removeMany() {
            List<String> keys = new ArrayList<>(store.objects().keySet());
            if (random.nextInt(6) == 0 && !keys.isEmpty()) {
                int from = random.nextInt(keys.size());
                int to = Math.min(keys.size(), from + random.nextInt(40));
                keys.subList(from, to).forEach(store::remove);
            }
        }

        private List<SourceRecord> poll() throws InterruptedException {
            clock.advance(Duration.ofMillis(30));
            @Nullable List<SourceRecord> records = task.poll();
            return records == null ? Collections.emptyList() : records;
        }

        private ObjectStoreSourceTask started() {
            ObjectStoreSourceTask started =
                    new ObjectStoreSourceTask(clock, config -> store, limits);
            started.initialize(worker);
            started.start(
                    Map.of(
                            "objectstore.bucket", "photos",
                            "objectstore.poll.interval.ms", "10",
                            "topic", "objects"));
            return started;
        }
    }
}
