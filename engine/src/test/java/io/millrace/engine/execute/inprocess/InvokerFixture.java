package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.TimeSource;

import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes invokers, invocations and events; results are encoded as the text of what came back. */
final class InvokerFixture {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final TimeSource STILL =
            new TimeSource() {
                @Override
                public Instant now() {
                    return NOW;
                }

                @Override
                public long nanos() {
                    return 0;
                }
            };

    private final Path folder;
    private Duration timeout = Duration.ofSeconds(10);

    InvokerFixture(Path folder) {
        this.folder = folder;
    }

    InvokerFixture timeout(Duration longest) {
        timeout = longest;
        return this;
    }

    Path scratch() {
        return folder.resolve("scratch");
    }

    /** The invoker of one class whose body is given. */
    InProcessInvoker invoker(String name, String source) throws IOException {
        return invoker(name, new FunctionJar(folder).source(name, source));
    }

    InProcessInvoker invoker(String name, FunctionJar jar) throws IOException {
        return invoker(name, jar.build());
    }

    InProcessInvoker invoker(String name, Path jar) {
        return InProcessInvoker.create(spec(name), jar, scratch(), InvokerFixture::textOf, STILL);
    }

    FunctionSpec spec(String handler) {
        return new FunctionSpec(
                new FunctionName("resize"),
                "7",
                "fn." + handler,
                "0".repeat(64),
                timeout,
                256,
                Map.of("BUCKET", "thumbnails"));
    }

    private static ItemEnd textOf(Object value) {
        return new ItemEnd.Done(new Output.Value(Payload.of(value.toString()), "text"));
    }

    Invocation invocation(Event... events) {
        return new Invocation(
                new RequestId("request-1"),
                spec("X"),
                new TriggerId("uploads"),
                List.of(events),
                2,
                NOW.plusSeconds(3));
    }

    Event[] texts(String... values) {
        return Arrays.stream(values).map(InvokerFixture::text).toArray(Event[]::new);
    }

    static Event text(String value) {
        return bytes(Payload.of(value));
    }

    static Event bytes(Payload value) {
        return new Event(raw(value), new DecodedValue.Bytes(value));
    }

    static Event avro(GenericRecord datum) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(datum.getSchema()).write(datum, encoder);
        encoder.flush();
        Payload binary = Payload.of(out.toByteArray());
        WriterSchema schema = new WriterSchema(1, datum.getSchema().toString());
        return new Event(raw(binary), new DecodedValue.Avro(binary, schema));
    }

    private static RawEvent raw(Payload value) {
        return new RawEvent(
                new EventPosition(new PartitionId("uploads", 3), 42),
                Payload.of("key"),
                value,
                List.of(Header.of("a", "1"), Header.of("a", "2"), new Header("b", Payload.NULL)),
                1_700_000_000_000L);
    }

    /** What came of each event: the text of its result, "-" for none, or its failure. */
    static List<String> endsOf(AttemptEnd end) {
        return switch (end) {
            case AttemptEnd.Failed(var failure) ->
                    List.of("attempt " + failure.kind() + " " + failure.type());
            case AttemptEnd.Completed(List<ItemEnd> items, _) ->
                    items.stream().map(InvokerFixture::endOf).toList();
        };
    }

    private static String endOf(ItemEnd item) {
        return switch (item) {
            case ItemEnd.Done(Output.None _) -> "-";
            case ItemEnd.Done(Output.Value(Payload payload, String _)) -> payload.text();
            case ItemEnd.Failed(var failure) -> failure.kind() + " " + failure.type();
            case ItemEnd.Filtered _ -> "filtered";
        };
    }
}
