package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.Payload;
import io.millrace.functions.Source;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where an event lies, as the handler sees it; copies arrays when they are asked for. */
record EventSource(Event event) implements Source {
    @Override
    public String topic() {
        return event.raw().position().partition().topic();
    }

    @Override
    public int partition() {
        return event.raw().position().partition().partition();
    }

    @Override
    public long offset() {
        return event.raw().offset();
    }

    @Override
    public Instant timestamp() {
        return Instant.ofEpochMilli(event.raw().timestamp());
    }

    @Override
    public Optional<byte[]> key() {
        return copyOf(event.raw().key());
    }

    @Override
    public List<Header> headers() {
        List<Header> headers = new ArrayList<>(event.raw().headers().size());
        event.raw().headers().forEach(header -> headers.add(new RecordHeader(header)));
        return List.copyOf(headers);
    }

    private record RecordHeader(io.millrace.engine.model.Header header) implements Header {
        @Override
        public String name() {
            return header.key();
        }

        @Override
        public Optional<byte[]> value() {
            return copyOf(header.value());
        }
    }

    private static Optional<byte[]> copyOf(Payload payload) {
        return Optional.ofNullable(payload.orNull()).map(byte[]::clone);
    }
}
