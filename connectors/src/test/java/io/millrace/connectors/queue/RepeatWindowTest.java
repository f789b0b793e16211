package io.millrace.connectors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

final class RepeatWindowTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeWorker worker = new FakeWorker();
    private Instant now = START;

    @Test
    void shouldRefuseAStoredOffsetThatItCannotRead() {
        RepeatWindow.Mark mark = window(10).add("a");
        Map<String, Object> newer = new HashMap<>(mark.offset());
        newer.put("format", 2);
        worker.deliver(List.of(record(new RepeatWindow.Mark(mark.partition(), newer))));

        assertThatThrownBy(() -> window(10))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("queue 'orders', chunk 0")
                .hasMessageContaining("'format' 1");
    }

    @Test
    void shouldSayWhatIsWrongWithAnOffsetToSet() {
        RepeatWindow.Mark mark = window(10).add("a");
        Map<String, Object> cut = new HashMap<>(mark.offset());
        cut.put("ids", "AAAA");

        assertThat(RepeatWindow.fault(mark.partition(), mark.offset())).isEmpty();
        assertThat(RepeatWindow.fault(Map.of("queue", "orders"), mark.offset()))
                .hasValueSatisfying(fault -> assertThat(fault).contains("number 'chunk'"));
        assertThat(RepeatWindow.fault(mark.partition(), cut))
                .hasValueSatisfying(fault -> assertThat(fault).contains("'ids'"));
        assertThatThrownBy(() -> RepeatWindow.checkOffsets(Map.of(mark.partition(), cut)))
                .hasMessageContaining("cannot be set");
    }

    @Test
    void shouldKeepTheYoungestAndForgetTheOldest() {
        RepeatWindow window = window(200);
        IntStream.range(0, 1000).forEach(i -> deliver(window.add("m" + i)));

        RepeatWindow again = window(200);

        for (RepeatWindow each : List.of(window, again)) {
            assertThat(IntStream.range(800, 1000)).allMatch(i -> each.contains("m" + i));
            assertThat(IntStream.range(0, 680)).noneMatch(i -> each.contains("m" + i));
        }
        assertThat(worker.partitions()).isEqualTo(5);
    }

    @Test
    void shouldForgetWhatIsOlderThanTheAge() {
        RepeatWindow window = window(1000);
        IntStream.range(0, 64).forEach(i -> deliver(window.add("old" + i)));
        now = now.plus(WEEK).plusSeconds(1);
        deliver(window.add("young"));

        RepeatWindow again = window(1000);

        for (RepeatWindow each : List.of(window, again)) {
            assertThat(each.contains("old0")).isFalse();
            assertThat(each.contains("young")).isTrue();
            assertThat(each.size()).isEqualTo(1);
        }
    }

    @Test
    void shouldKnowTheYoungestAfterTheWindowWasMadeSmallerOrLarger() {
        RepeatWindow large = window(5000);
        IntStream.range(0, 5000).forEach(i -> deliver(large.add("m" + i)));

        RepeatWindow small = window(128);
        assertThat(IntStream.range(0, 5000)).allMatch(i -> small.contains("m" + i));
        IntStream.range(5000, 6000).forEach(i -> deliver(small.add("m" + i)));
        RepeatWindow largeAgain = window(5000);

        assertThat(small.size()).isLessThan(128 + 2 * WindowChunk.CAPACITY);
        assertThat(IntStream.range(5872, 6000))
                .allMatch(i -> small.contains("m" + i) && largeAgain.contains("m" + i));
    }

    @Test
    void shouldKeepAnOffsetSmall() {
        RepeatWindow window = window(100_000);

        RepeatWindow.Mark last =
                IntStream.range(0, 640)
                        .mapToObj(i -> window.add("message-" + i))
                        .reduce((one, other) -> other)
                        .orElseThrow();

        assertThat(last.offset().toString().length()).isLessThan(1200);
    }

    /** Whatever survives a crash is a first part of what was handed to the worker. */
    @Test
    void shouldLetEveryMessageThroughOnceWhereverTheWorkerCrashes() {
        for (int seed = 0; seed < 30; seed++) {
            History history = new History(seed, true);

            history.play();

            assertThat(history.written).as("seed %d", seed).hasSize(History.MESSAGES);
            assertThat(Set.copyOf(history.written)).as("seed %d", seed).hasSize(History.MESSAGES);
        }
    }

    @Test
    void shouldBeSeenIfTheIdsAreNotKeptWithTheRecords() {
        History forgetful = new History(1, false);

        forgetful.play();

        assertThat(forgetful.written).hasSizeGreaterThan(History.MESSAGES);
    }

    private RepeatWindow window(int messages) {
        return RepeatWindow.load("orders", messages, WEEK, worker, () -> now);
    }

    private void deliver(RepeatWindow.Mark mark) {
        worker.deliver(List.of(record(mark)));
    }

    private static SourceRecord record(RepeatWindow.Mark mark) {
        return new SourceRecord(mark.partition(), mark.offset(), "events", null, "value");
    }

    /** A queue that hands out what is not acknowledged, a task, and a worker that crashes. */
    private static final class History {
        static final int MESSAGES = 1500;
        private static final int HANDED_OUT = 60;

        private final Random random;
        private final boolean keepsIds;
        private final FakeWorker worker = new FakeWorker();
        private final Set<String> queue = new LinkedHashSet<>();
        private final List<String> written = new ArrayList<>();

        History(int seed, boolean keepsIds) {
            this.random = new Random(seed);
            this.keepsIds = keepsIds;
            IntStream.range(0, MESSAGES).forEach(i -> queue.add("m" + i));
        }

        void play() {
            while (!queue.isEmpty()) {
                RepeatWindow window =
                        RepeatWindow.load("orders", 640, WEEK, worker, InstantSource.fixed(START));
                boolean runs = true;
                while (runs && !queue.isEmpty()) {
                    runs = step(window);
                }
            }
        }

        /** Receives, writes a first part, acknowledges some of it; false for a crash. */
        private boolean step(RepeatWindow window) {
            List<String> received = queue.stream().limit(HANDED_OUT).toList();
            List<String> taken = new ArrayList<>();
            List<SourceRecord> records = new ArrayList<>();
            for (String id : received) {
                if (random.nextInt(3) == 0) {
                    continue;
                }
                if (window.contains(id)) {
                    queue.remove(id);
                } else {
                    records.add(record(window.add(id)));
                    taken.add(id);
                }
            }
            boolean crash = random.nextInt(4) == 0;
            int survive = crash ? random.nextInt(records.size() + 1) : records.size();
            written.addAll(taken.subList(0, survive));
            if (keepsIds) {
                worker.deliver(records.subList(0, survive));
            }
            taken.subList(0, survive).stream()
                    .filter(each -> random.nextBoolean())
                    .forEach(queue::remove);
            return !crash;
        }
    }
}
