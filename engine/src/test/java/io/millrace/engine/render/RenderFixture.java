package io.millrace.engine.render;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.TriggerId;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Makes records and renders them for a trigger of topic "orders". */
final class RenderFixture {
    static final PartitionId PARTITION = new PartitionId("orders", 3);
    static final long TIMESTAMP = 1_795_251_600_987L;
    static final RenderSettings SETTINGS =
            new RenderSettings(
                    new TriggerId("thumbnails"),
                    new FunctionName("charge"),
                    "orders",
                    false,
                    "kafka-1:9092,kafka-2:9092",
                    new AwsAccount("aws", "eu-west-1", "123456789012"));

    private RenderFixture() {}

    static Event event(long offset, Payload key, Payload value, Header... headers) {
        return new Event(raw(offset, key, value, headers), new DecodedValue.Bytes(value));
    }

    static Event json(long offset, String value, Header... headers) {
        return event(offset, Payload.of("key"), Payload.of(value), headers);
    }

    /** As the decoder hands it on: with the datum, and with framing in what lies in the topic. */
    static Event avro(long offset, SpecificRecordBase datum, Header... headers) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new SpecificDatumWriter<SpecificRecordBase>(datum.getSchema(), datum.getSpecificData())
                    .write(datum, encoder);
            encoder.flush();
            Payload binary = Payload.of(out.toByteArray());
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            framed.writeBytes(new byte[] {0, 0, 0, 0, 7});
            framed.writeBytes(out.toByteArray());
            return new Event(
                    raw(offset, Payload.of("key"), Payload.of(framed.toByteArray()), headers),
                    new DecodedValue.Avro(
                            binary, new WriterSchema(7, datum.getSchema().toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawEvent raw(long offset, Payload key, Payload value, Header... headers) {
        return new RawEvent(
                new EventPosition(PARTITION, offset), key, value, List.of(headers), TIMESTAMP);
    }

    static Rendering render(EventFormat format, Event... events) {
        return new EventRenderer(format, SETTINGS).render(List.of(events), 1, Optional.empty());
    }

    /** The document of events that must all be in it. */
    static JsonNode document(EventFormat format, Event... events) {
        Rendering rendering = render(format, events);
        if (rendering.faults().stream().anyMatch(Optional::isPresent)) {
            throw new AssertionError("" + rendering.faults());
        }
        return tree(rendering.json());
    }

    /** The only record of the document. */
    static JsonNode record(EventFormat format, Event event) {
        return document(format, event).path("Records").path(0);
    }

    /** Why the event is not in the document. */
    static Failure fault(EventFormat format, Event event) {
        return render(format, event).faults().getFirst().orElseThrow();
    }

    static JsonNode tree(Payload json) {
        try {
            return Json.tree(json.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document written by hand after what AWS sends. */
    static JsonNode golden(String name) {
        try (InputStream in = RenderFixture.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new AssertionError("there is no " + name + ".json");
            }
            return Json.tree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
