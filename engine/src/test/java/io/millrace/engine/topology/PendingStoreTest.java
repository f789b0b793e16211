package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.RawEvent;
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

final class PendingStoreTest {
    private final KeyValueStore<Long, byte[]> kafka =
            Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore("parked"),
                            Serdes.Long(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
    private final PendingStore store = new PendingStore(Samples.PARTITION, kafka);

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
    void shouldHoldEveryEventThatWasAdmittedUntilItIsDeleted() {
        assertThat(store.admitted(event(7))).isTrue();
        assertThat(store.admitted(event(300))).isTrue();
        store.delete(7);
        store.delete(7);

        assertThat(offsets()).containsExactly(300L);
        assertThat(store.get(300))
                .contains(new ParkedEvent(Progress.NONE, 0, Optional.of(event(300))));
    }

    @Test
    void shouldKeepTheEventWhenANoteIsMadeOfIt() {
        boolean _ = store.admitted(event(7));
        var progress = new Progress(1, 1, 5);

        store.put(7, new ParkedEvent(progress, 90, Optional.empty()));

        assertThat(store.get(7)).contains(new ParkedEvent(progress, 90, Optional.of(event(7))));
    }

    private static RawEvent event(long offset) {
        return Samples.event(offset, "key");
    }

    private List<Long> offsets() {
        var offsets = new ArrayList<Long>();
        store.forEach((offset, _) -> offsets.add(offset));
        return offsets;
    }
}
