package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.schemas.EventHeaders;
import io.millrace.schemas.MeteringEntry;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tumbling windows from the source topic to the results and back from the changelog. */
final class WindowedTopologyTest {
    private static final Duration OVER = Duration.ofSeconds(16);

    @TempDir Path state;

    private boolean finalFails;

    @Test
    void shouldWriteTheFinalResultOfAWindowAndMeterIt() {
        try (var driven = new DrivenTrigger(trigger(), this::count, state)) {
            driven.publish("k", "one");
            driven.run();
            driven.publish("k", "two");
            driven.run();
            driven.commit();
            driven.advance(OVER);
            driven.run();

            List<TestRecord<byte[], byte[]>> results = driven.written("results");
            assertThat(results).hasSize(1);
            assertThat(text(results.getFirst().value())).isEqualTo("{\"n\":2}");
            assertThat(results.getFirst().key()).isNull();
            assertThat(header(results.getFirst(), EventHeaders.WINDOW))
                    .isEqualTo("2026-03-01T12:00:00Z/2026-03-01T12:00:10Z");
            assertThat(header(results.getFirst(), EventHeaders.SOURCE)).isEqualTo("orders-0-1");
            driven.commit();
            assertThat(driven.metered.stream().flatMap(record -> record.getEntries().stream()))
                    .extracting(
                            MeteringEntry::getFirstOffset,
                            MeteringEntry::getLastOffset,
                            MeteringEntry::getEvents)
                    .containsExactly(tuple(0L, 0L, 1), tuple(1L, 1L, 1), tuple(0L, 1L, 0));
        }
    }

    @Test
    void shouldHaveTheOpenWindowInWhatIsRestoredFromTheChangelog() {
        try (var driven = new DrivenTrigger(trigger(), this::count, state)) {
            driven.publish("k", "one");
            driven.run();
            driven.publish("k", "two");
            driven.run();

            KeyValueStore<Long, byte[]> restored = restored(driven);
            var store = new LoggedParkingStore(DrivenTrigger.PARTITION, restored, true);
            PartitionWindow.Open open = store.window().flatMap(PartitionWindow::open).orElseThrow();
            assertThat(open.state()).isEqualTo("{\"n\":2}");
            assertThat(open.contents().firstOffset()).isZero();
            assertThat(open.contents().lastOffset()).isEqualTo(1);
            restored.close();
        }
    }

    private static KeyValueStore<Long, byte[]> restored(DrivenTrigger driven) {
        KeyValueStore<Long, byte[]> store =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore("restored"),
                                Serdes.Long(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build();
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
        for (TestRecord<byte[], byte[]> record :
                driven.written("orders-resize-" + InvocationTopology.PARKED_STORE + "-changelog")) {
            store.put(ByteBuffer.wrap(record.key()).getLong(), record.value());
        }
        return store;
    }

    @Test
    void shouldMakeADeadLetterOfAFinalInvocationThatFailsForGood() {
        finalFails = true;
        Trigger plain = trigger();
        Trigger telling = plain.withDestinations(plain.destinations().withOnFailure("failures"));
        try (var driven = new DrivenTrigger(telling, this::count, state)) {
            driven.publish("k", "one");
            driven.publish("k", "two");
            driven.run();
            driven.commit();
            driven.advance(OVER);
            driven.run();
            driven.commit();
            driven.advance(Duration.ofSeconds(1));
            driven.run();

            assertThat(driven.written("results")).isEmpty();
            TestRecord<byte[], byte[]> dead = driven.written("dead").getFirst();
            assertThat(text(dead.value())).isEqualTo("{\"n\":2}");
            assertThat(header(dead, EventHeaders.CONDITION)).isEqualTo("RetryAttemptsExhausted");
            assertThat(header(dead, EventHeaders.ATTEMPT)).isEqualTo("2");
            assertThat(dead.headers().toArray()[dead.headers().toArray().length - 1].key())
                    .isEqualTo(EventHeaders.WINDOW);
            assertThat(text(driven.written("failures").getFirst().value()))
                    .contains("\"batchSize\":2")
                    .contains("\"firstRecordOffset\":\"0\",\"lastRecordOffset\":\"1\"");
            driven.publish("k", "three");
            driven.run();
            assertThat(states(driven).getLast()).isEqualTo("{}");
        }
    }

    private static Trigger trigger() {
        Trigger plain =
                Samples.trigger(
                        LanePolicy.BY_PARTITION,
                        BatchPolicy.of(10).withTumbling(WindowPolicy.of(Duration.ofSeconds(10))),
                        RetryPolicy.of(2, Duration.ofMillis(100), Duration.ofMillis(100)));
        return plain.withDestinations(Destinations.of("results", "dead"));
    }

    /** Counts the events of a window. */
    private AttemptEnd count(Invocation invocation) {
        WindowInput window = invocation.window().orElseThrow();
        if (window.isFinal()) {
            var output = new Output.Value(Payload.of(window.state()), "application/json");
            return finalFails
                    ? new AttemptEnd.Failed(Samples.FAILURE)
                    : new AttemptEnd.Completed(List.of(new ItemEnd.Done(output)));
        }
        String before = window.state().replaceAll("[^0-9]", "");
        int count = before.isEmpty() ? 0 : Integer.parseInt(before);
        var ends = new ArrayList<ItemEnd>();
        invocation.events().forEach(_ -> ends.add(new ItemEnd.Done(Output.NONE)));
        return new AttemptEnd.Completed(ends, Optional.of("{\"n\":" + (count + ends.size()) + "}"));
    }

    private static List<String> states(DrivenTrigger driven) {
        return driven.invocations.stream()
                .map(invocation -> invocation.window().orElseThrow().state())
                .toList();
    }

    private static String header(TestRecord<byte[], byte[]> record, String key) {
        return text(record.headers().lastHeader(key).value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
