package io.millrace.engine.render;

import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WindowInput;
import io.millrace.schemas.ObjectEvent;
import io.millrace.schemas.QueueMessage;
import io.millrace.schemas.ScheduleTick;
import io.millrace.schemas.TableChange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records of every kind, each with a document of what they are rendered as. */
final class Samples {
    static final Instant TIME = Instant.parse("2026-11-21T09:00:00.123Z");

    private Samples() {}

    /** Records of which a document of this form can be made. */
    static List<Event> of(EventFormat format) {
        return switch (format) {
            case S3 -> objects();
            case SQS -> messages();
            case DYNAMODB -> changes();
            case SCHEDULED -> List.of(RenderFixture.avro(4, tick("{\"deep\":{\"a\":[1,null]}}")));
            case KINESIS, KAFKA, SNS -> plain();
            case RECORD -> List.of();
        };
    }

    private static List<Event> objects() {
        ObjectEvent.Builder created =
                ObjectEvent.newBuilder()
                        .setKind("CREATED")
                        .setBucket("pictures")
                        .setKey("in/a@b c.png")
                        .setSize(1024)
                        .setETag("437b930db84b8079c2dd804a71936b5f")
                        .setVersionId("v1")
                        .setLastModified(TIME)
                        .setRegion("us-east-1");
        ObjectEvent.Builder deleted =
                ObjectEvent.newBuilder()
                        .setKind("DELETED")
                        .setBucket("pictures")
                        .setKey("in/gone.png");
        return List.of(
                RenderFixture.avro(
                        255,
                        created.build(),
                        Header.of("ce_source", "s3://pictures"),
                        Header.of("ce_id", "1")),
                RenderFixture.avro(
                        256, deleted.build(), Header.of("ce_time", "2026-11-21T10:00:00.5Z")));
    }

    static QueueMessage.Builder message(String body) {
        return QueueMessage.newBuilder()
                .setQueue("invoices")
                .setMessageId("059f36b4-87a3-44ab-83d2-661975830a7d")
                .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Event> messages() {
        QueueMessage fifo =
                message("{\"orderId\":4711}")
                        .setAttributes(
                                Map.of(
                                        "Title", "The Whistler",
                                        "Author", "John Grisham",
                                        "SenderId", "AIDAIENQZJOLO23YVJ4VO"))
                        .setGroupId("customer-1")
                        .setSentAt(Instant.ofEpochMilli(1_795_251_600_183L))
                        .setReceiveCount(2)
                        .build();
        return List.of(
                RenderFixture.avro(100, fifo),
                RenderFixture.event(
                        101,
                        Payload.NULL,
                        Payload.of("plain"),
                        new Header("raw", Payload.of(new byte[] {(byte) 0xff, 0})),
                        Header.of("source", "checkout"),
                        new Header("none", Payload.NULL)));
    }

    static TableChange.Builder change(String operation) {
        return TableChange.newBuilder()
                .setOperation(operation)
                .setDatabase("shop")
                .setTable("orders")
                .setKeys("{\"id\":101}")
                .setPosition("0/16B3748")
                .setChangedAt(TIME);
    }

    private static List<Event> changes() {
        return List.of(
                RenderFixture.avro(
                        7,
                        change("INSERT")
                                .setAfter("{\"Message\":\"New item!\",\"id\":101}")
                                .build()),
                RenderFixture.avro(
                        8,
                        change("MODIFY")
                                .setBefore("{\"Message\":\"New item!\",\"id\":101}")
                                .setAfter(
                                        "{\"amount\":250.50,\"paid\":true,\"note\":null,"
                                                + "\"tags\":[\"a\",1],\"to\":{\"city\":\"Ulm\"}}")
                                .build()),
                RenderFixture.avro(9, change("REMOVE").build()));
    }

    static ScheduleTick tick(String payload) {
        return ScheduleTick.newBuilder()
                .setSchedule("nightly")
                .setExpression("cron(0 9 * * ? *)")
                .setDueAt(Instant.parse("2026-11-21T09:00:00Z"))
                .setPayload(payload)
                .build();
    }

    private static List<Event> plain() {
        return List.of(
                RenderFixture.event(
                        15,
                        Payload.of("order-4711"),
                        Payload.of("{\"orderId\":4711}"),
                        Header.of("source", "checkout"),
                        Header.of("source", "web")),
                RenderFixture.event(16, Payload.NULL, Payload.NULL));
    }

    static WindowInput window(boolean isFinal) {
        Optional<WindowInput.Closing> closing =
                isFinal
                        ? Optional.of(
                                new WindowInput.Closing(
                                        true,
                                        new BatchRange(
                                                RenderFixture.PARTITION, 7, 9, TIME, TIME, 3)))
                        : Optional.empty();
        return new WindowInput(
                Instant.parse("2026-11-21T09:00:00Z"),
                Instant.parse("2026-11-21T09:01:00Z"),
                "{\"1\":\"282\"}",
                closing);
    }
}
