package io.millrace.engine.topology;

import io.millrace.engine.delivery.Repeats;
import io.millrace.engine.filter.EventKey;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what tells repeats, with the timestamps of their events, in a changelogged store.
 *
 * <p>What is not finished is remembered in memory only: after a crash it is read again, and its
 * repeats behind it. Bounded by the unfinished events and by the window. Threading: StreamThread
 * only.
 */
final class StoredRepeats implements Repeats {
    private final EventKey key;
    private final long windowMillis;
    private final WindowStore<byte[], Long> store;
    private final Map<Payload, RawEvent> unfinished = new HashMap<>();

    StoredRepeats(Intake.Deduplication rule, WindowStore<byte[], Long> store) {
        this.key = EventKey.parse(rule.key());
        this.windowMillis = rule.window().toMillis();
        this.store = store;
    }

    @Override
    public boolean isRepeat(RawEvent event) {
        Optional<Payload> own = key.of(event);
        if (own.isEmpty()) {
            return false;
        }
        RawEvent first = unfinished.get(own.get());
        if (first != null && Math.abs(time(first) - time(event)) <= windowMillis) {
            return true;
        }
        if (isStored(own.get(), event)) {
            return true;
        }
        unfinished.put(own.get(), event);
        return false;
    }

    private boolean isStored(Payload own, RawEvent event) {
        long time = time(event);
        try (WindowStoreIterator<Long> found =
                store.fetch(own.bytes(), Math.max(0, time - windowMillis), time + windowMillis)) {
            while (found.hasNext()) {
                // Without transactions an event can be remembered and be read again all the same.
                if (found.next().value != event.offset()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void finished(RawEvent event) {
        Optional<Payload> own = key.of(event);
        if (own.isPresent()) {
            store.put(own.get().bytes(), event.offset(), time(event));
            unfinished.remove(own.get(), event);
        }
    }

    private static long time(RawEvent event) {
        return Math.max(0, event.timestamp());
    }
}
