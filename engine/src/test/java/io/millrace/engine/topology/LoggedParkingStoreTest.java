package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Samples;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class LoggedParkingStoreTest {
    private final KeyValueStore<Long, byte[]> kafka =
            Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore("parked"),
                            Serdes.Long(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();

    @BeforeEach
    void open() {
        StateStoreContext context = new MockProcessorContext<Void, Void>().getStateStoreContext();
        kafka.init(context, kafka);
    }

    @AfterEach
    void close() {
        kafka.close();
    }

    @Test
    void shouldBeEmptyAtFirst() {
        assertThat(offsets(store())).isEmpty();
        assertThat(store().get(1)).isEmpty();
    }

    @Test
    void shouldGiveEntriesInTheOrderOfTheirOffsets() {
        LoggedParkingStore store = store();
        for (long offset : new long[] {300, 1, 70_000, 255, 256}) {
            store.put(offset, entry(offset));
        }
        store.complete();
        assertThat(offsets(store())).containsExactly(1L, 255L, 256L, 300L, 70_000L);
        assertThat(store().get(255)).contains(entry(255));
    }

    @Test
    void shouldAcceptWhatItWroteItself() {
        LoggedParkingStore store = filled();
        store.delete(2);
        store.put(3, new ParkedEvent(new Progress(2, 2, 5), 9, Optional.empty()));
        store.delete(99);
        store.complete();
        assertThat(offsets(store())).containsExactly(1L, 3L);
    }

    @Test
    void shouldRefuseAStoreThatLostAnEntry() {
        LoggedParkingStore _ = filled();
        kafka.delete(2L);
        assertThatThrownBy(this::store)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'orders-3' holds 2 events")
                .hasMessageContaining("should hold 3")
                .hasMessageContaining("has lost records");
    }

    @Test
    void shouldRefuseAStoreThatGotAnEntry() {
        LoggedParkingStore _ = filled();
        kafka.put(4L, ParkedCodec.encode(entry(4)));
        assertThatThrownBy(this::store)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("holds 4 events")
                .hasMessageContaining("should hold 3");
    }

    @Test
    void shouldRefuseAStoreWithoutSummary() {
        kafka.put(4L, ParkedCodec.encode(entry(4)));
        assertThatThrownBy(this::store)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("should hold 0");
    }

    @Test
    void shouldRefuseAStoreThatLostEverythingButTheSummary() {
        LoggedParkingStore _ = filled();
        for (long offset = 1; offset <= 3; offset++) {
            kafka.delete(offset);
        }
        assertThatThrownBy(this::store).hasMessageContaining("holds 0 events");
    }

    @Test
    void shouldRefuseAnEntryThatIsNotTheOneThatWasWritten() {
        LoggedParkingStore _ = filled();
        kafka.put(2L, ParkedCodec.encode(entry(5)));
        assertThatThrownBy(this::store).isInstanceOf(MillraceException.class);
    }

    @Test
    void shouldNotRefuseWhatNoTransactionHeldTogether() {
        LoggedParkingStore _ = filled();
        kafka.delete(2L);
        assertThatCode(() -> new LoggedParkingStore(Samples.PARTITION, kafka, false))
                .doesNotThrowAnyException();
    }

    private LoggedParkingStore filled() {
        LoggedParkingStore store = store();
        for (long offset = 1; offset <= 3; offset++) {
            store.put(offset, entry(offset));
        }
        store.complete();
        return store;
    }

    private LoggedParkingStore store() {
        return new LoggedParkingStore(Samples.PARTITION, kafka, true);
    }

    private static List<Long> offsets(LoggedParkingStore store) {
        var offsets = new ArrayList<Long>();
        store.forEach((offset, _) -> offsets.add(offset));
        return offsets;
    }

    private static ParkedEvent entry(long offset) {
        return new ParkedEvent(new Progress(1, 1, 5), 7, Optional.of(Samples.event(offset, "k")));
    }
}
