package io.millrace.engine.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What becomes of events that do not fit, and what each form makes of those that do. */
final class EventRendererTest {
    private static final String OBJECT = "{\"kind\":\"CREATED\",\"bucket\":\"b\",\"key\":\"k\"}";
    private static final String CHANGE =
            "{\"operation\":\"MODIFY\",\"table\":\"t\",\"keys\":\"{}\",\"before\":%s,\"after\":%s}";

    @ParameterizedTest
    @EnumSource(
            value = EventFormat.class,
            names = {"S3", "DYNAMODB", "SCHEDULED"})
    void shouldSayWhyThereIsNoSourceEvent(EventFormat format) {
        assertThat(reason(format, RenderFixture.event(1, Payload.NULL, Payload.NULL)))
                .endsWith(": it has no value");
        assertThat(reason(format, RenderFixture.json(1, ""))).endsWith(": its value is no object");
        assertThat(reason(format, RenderFixture.json(1, "{\"a\":1} x")))
                .endsWith(": its value is neither Avro with a schema id nor JSON");
        assertThat(reason(format, RenderFixture.json(1, "[1]")))
                .endsWith(": its value is no object");
        assertThat(reason(format, RenderFixture.json(1, "{}"))).endsWith("' is missing");
        Event cut =
                new Event(
                        RenderFixture.json(1, "x").raw(),
                        new DecodedValue.Avro(
                                Payload.of(new byte[] {2}),
                                new DecodedValue.WriterSchema(1, "\"string\"")));
        assertThat(reason(format, cut)).endsWith(": its value is not what its schema says");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    S3 | {"kind":"RENAMED","bucket":"b","key":"k"} | field 'kind' is of no kind that S3 has
                    S3 | {"kind":"CREATED","bucket":7,"key":"k"} | field 'bucket' is a number that does not fit; allowed: a text
                    S3 | {"kind":"CREATED","bucket":"b","key":null} | field 'key' is missing
                    S3 | {"kind":"CREATED","bucket":"b","key":"k","size":"1"} | allowed: a whole number of 64 bits
                    S3 | {"kind":"CREATED","bucket":"b","key":"k","size":1e99} | field 'size' is a number that does not fit
                    S3 | {"kind":"CREATED","bucket":"b","key":"k","lastModified":"soon"} | allowed: milliseconds since 1970
                    S3 | {"kind":"CREATED","bucket":"b","key":"\\ud800"} | field 'key' is no Unicode text
                    SCHEDULED | {"schedule":"s"} | field 'dueAt' is missing
                    SCHEDULED | {"schedule":"s","dueAt":[1]} | field 'dueAt' is a list
                    DYNAMODB | {"operation":"TRUNCATE","table":"t","keys":"{}"} | field 'operation' is none that DynamoDB has
                    DYNAMODB | {"operation":"INSERT","table":"t"} | field 'keys' is missing
                    DYNAMODB | {"operation":"INSERT","table":"t","keys":"[]"} | field 'keys' is not an object of JSON
                    DYNAMODB | {"operation":"INSERT","table":"t","keys":"{}","after":"{\\"a\\":"} | field 'after' is not JSON
                    DYNAMODB | {"operation":"REMOVE","table":"t","keys":"{}","before":"{} {}"} | field 'before' is not JSON
                    DYNAMODB | {"operation":"REMOVE","table":"t","keys":"{}","before":""} | field 'before' is not an object
                    SQS | {"queue":"q","messageId":"m","body":"#"} | field 'body' is a text that does not fit; allowed: bytes as base64
                    SQS | {"queue":"q","messageId":"m","body":"","attributes":{"a":1}} | field 'attributes.a' is a number
                    SQS | {"queue":"q","messageId":"m","body":"","attributes":{"a":"#"},"attributeTypes":{"a":"Binary"}} | attribute 'a' is Binary and not in base64
                    """)
    void shouldNameWhatIsWrongWithAField(EventFormat format, String value, String reason) {
        Failure fault = RenderFixture.fault(format, RenderFixture.json(1, value));

        assertThat(fault.kind()).isEqualTo(Failure.Kind.UNDECODABLE);
        assertThat(fault.type()).isEqualTo("NotRenderable");
        assertThat(fault.message()).contains(reason);
    }

    @Test
    void shouldRenderTheOthersAroundAnEventThatDoesNotFit() {
        Rendering rendering =
                RenderFixture.render(
                        EventFormat.S3,
                        RenderFixture.json(1, OBJECT),
                        RenderFixture.json(2, "{\"kind\":\"CREATED\",\"bucket\":\"b\"}"),
                        RenderFixture.json(3, OBJECT));

        assertThat(rendering.faults().stream().map(Optional::isPresent))
                .containsExactly(false, true, false);
        JsonNode records = RenderFixture.tree(rendering.json()).path("Records");
        assertThat(records.size()).isEqualTo(2);
        assertThat(rendering.identifiers())
                .containsExactlyElementsOf(
                        records.findValues("x-amz-request-id").stream()
                                .map(JsonNode::textValue)
                                .toList());
    }

    @Test
    void shouldHaveNoDocumentWhereNoEventFits() {
        Rendering rendering = RenderFixture.render(EventFormat.S3, RenderFixture.json(1, "x"));

        assertThat(rendering.json()).isEqualTo(Payload.NULL);
        assertThat(rendering.identifiers()).isEmpty();
    }

    @Test
    void shouldGiveUpAnEventThatDoesNotFitIntoADocumentAlone() {
        Event huge = sized(1, 5_000_000);

        Rendering rendering =
                RenderFixture.render(EventFormat.KINESIS, sized(0, 10), huge, sized(2, 10));

        assertThat(rendering.faults().get(1).orElseThrow().kind())
                .isEqualTo(Failure.Kind.TOO_LARGE);
        assertThat(rendering.identifiers()).containsExactly("0", "2");
        assertThat(RenderFixture.fault(EventFormat.KAFKA, huge).kind())
                .isEqualTo(Failure.Kind.TOO_LARGE);
    }

    @Test
    void shouldLeaveWhatNoLongerFitsForTheNextInvocation() {
        Rendering rendering =
                RenderFixture.render(
                        EventFormat.KINESIS,
                        sized(1, 2_000_000),
                        sized(2, 2_000_000),
                        sized(3, 2_000_000),
                        sized(4, 10));

        assertThat(rendering.identifiers()).containsExactly("1", "2");
        assertThat(rendering.faults().subList(2, 4))
                .allSatisfy(fault ->
                        assertThat(fault.orElseThrow().kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        assertThat(rendering.json().size()).isLessThanOrEqualTo(EventRenderer.MAX_BYTES);
    }

    @Test
    void shouldFillADocumentToItsLastByteAndNotFurther() {
        int overhead = RenderFixture.render(EventFormat.KINESIS, sized(1, 0)).json().size();
        int room = EventRenderer.MAX_BYTES - 3_000 - overhead;

        Rendering fits = RenderFixture.render(EventFormat.KINESIS, sized(1, room / 4 * 3));

        assertThat(fits.faults()).containsExactly(Optional.empty());
        assertThat(fits.json().size()).isBetween(room, EventRenderer.MAX_BYTES);
    }

    private static Event sized(long offset, int bytes) {
        return RenderFixture.event(offset, Payload.NULL, Payload.of(new byte[bytes]));
    }

    @Test
    void shouldRefuseToRenderRecordsThemselves() {
        assertThatThrownBy(() -> new EventRenderer(EventFormat.RECORD, RenderFixture.SETTINGS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldEncodeEveryKeySoThatItIsDecodedToItself() {
        Random random = new Random(20261121);
        for (int i = 0; i < 5_000; i++) {
            String key =
                    random.ints(1 + random.nextInt(20), 0, 0x1_1000)
                            .filter(c -> c < 0xD800 || c > 0xDFFF)
                            .map(c -> random.nextBoolean() ? c % 128 : c)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
            var object = RenderFixture.json(1, objectOf(key));

            String encoded =
                    RenderFixture.record(EventFormat.S3, object).at("/s3/object/key").textValue();

            assertThat(encoded).matches("[A-Za-z0-9._*+%/-]*");
            assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(key);
        }
    }

    private static String objectOf(String key) {
        return "{\"kind\":\"CREATED\",\"bucket\":\"b\",\"key\":" + TextNode.valueOf(key) + "}";
    }

    @Test
    void shouldGrowTheSequencerWithEveryEventOfAKey() {
        String before = sequencer(RenderFixture.json(9, OBJECT));
        String after = sequencer(RenderFixture.json(10, OBJECT));
        String last = sequencer(RenderFixture.json(Long.MAX_VALUE, OBJECT));

        assertThat(before).isLessThan(after);
        assertThat(after).isLessThan(last);
    }

    private static String sequencer(Event event) {
        return RenderFixture.record(EventFormat.S3, event).at("/s3/object/sequencer").textValue();
    }

    @Test
    void shouldReadWhatConnectsJsonConverterWrites() {
        String wrapped =
                "{\"schema\":{\"type\":\"struct\"},\"payload\":{\"kind\":\"OVERWRITTEN\","
                        + "\"bucket\":\"b\",\"key\":\"k\",\"size\":3,\"lastModified\":0}}";

        JsonNode record = RenderFixture.record(EventFormat.S3, RenderFixture.json(1, wrapped));

        assertThat(record.path("eventName").textValue()).isEqualTo("ObjectCreated:Put");
        assertThat(record.path("eventTime").textValue()).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(record.at("/s3/object/size").intValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "INSERT, null, {}, INSERT, NEW_AND_OLD_IMAGES",
        "INSERT, null, null, INSERT, OLD_IMAGE",
        "READ, null, {}, INSERT, NEW_AND_OLD_IMAGES",
        "MODIFY, {}, {}, MODIFY, NEW_AND_OLD_IMAGES",
        "MODIFY, null, {}, MODIFY, NEW_IMAGE",
        "MODIFY, {}, null, MODIFY, OLD_IMAGE",
        "MODIFY, null, null, MODIFY, KEYS_ONLY",
        "REMOVE, {}, null, REMOVE, NEW_AND_OLD_IMAGES",
        "REMOVE, null, null, REMOVE, NEW_IMAGE"
    })
    void shouldTellWhichImagesTheChangeCouldHave(
            String operation, String before, String after, String eventName, String viewType) {
        String change =
                CHANGE.replace("MODIFY", operation).formatted(quoted(before), quoted(after));

        JsonNode record = RenderFixture.record(EventFormat.DYNAMODB, RenderFixture.json(1, change));

        assertThat(record.path("eventName").textValue()).isEqualTo(eventName);
        assertThat(record.at("/dynamodb/StreamViewType").textValue()).isEqualTo(viewType);
        assertThat(record.path("dynamodb").has("OldImage")).isEqualTo(!before.equals("null"));
        assertThat(record.path("dynamodb").has("NewImage")).isEqualTo(!after.equals("null"));
    }

    private static String quoted(String text) {
        return text.equals("null") ? text : "\"" + text + "\"";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void shouldHaveNoDetailForAnEmptyPayload(String payload) {
        assertThat(detail("\"" + payload + "\"")).isEqualTo("{}");
    }

    @Test
    void shouldPutAnyPayloadOfAScheduleIntoItsDetail() {
        assertThat(detail("null")).isEqualTo("{}");
        assertThat(detail("\"{\\\"a\\\":1.50}\"")).startsWith("{\"a\":1.5");
        assertThat(detail("\"[1,2]\"")).isEqualTo("{\"payload\":[1,2]}");
        assertThat(detail("\"say hello\"")).isEqualTo("{\"payload\":\"say hello\"}");
    }

    private static String detail(String payload) {
        String tick = "{\"schedule\":\"s\",\"dueAt\":0,\"payload\":" + payload + "}";
        return RenderFixture.document(EventFormat.SCHEDULED, RenderFixture.json(1, tick))
                .path("detail")
                .toString();
    }

    @Test
    void shouldKeepAnEventsIdsWhereverItIsCopiedTo() {
        Header source = Header.of("ce_source", "/schedules");
        Header id = Header.of("ce_id", "17");
        String tick = "{\"schedule\":\"s\",\"dueAt\":0}";

        JsonNode first =
                RenderFixture.document(
                        EventFormat.SCHEDULED, RenderFixture.json(1, tick, source, id));
        JsonNode copied =
                RenderFixture.document(
                        EventFormat.SCHEDULED, RenderFixture.json(99, tick, source, id));
        JsonNode other =
                RenderFixture.document(EventFormat.SCHEDULED, RenderFixture.json(1, tick, source));

        assertThat(copied).isEqualTo(first);
        assertThat(other.path("id")).isNotEqualTo(first.path("id"));
    }

    @Test
    void shouldGiveKinesisAKeyThatIsNoTextInBase64() {
        Event event = RenderFixture.event(1, Payload.of(new byte[] {(byte) 0xc3}), Payload.NULL);

        assertThat(
                        RenderFixture.record(EventFormat.KINESIS, event)
                                .at("/kinesis/partitionKey")
                                .textValue())
                .isEqualTo("ww==");
    }

    @Test
    void shouldGiveKafkaTheBytesOfTheTopicAndHeadersAsUnsignedNumbers() {
        Event event =
                RenderFixture.avro(
                        1,
                        Samples.tick("x"),
                        new Header("h", Payload.of(new byte[] {0, 127, -128, -1})),
                        new Header("h", Payload.NULL),
                        Header.of("", "e"));

        JsonNode record =
                RenderFixture.document(EventFormat.KAFKA, event).at("/records/orders-3/0");

        assertThat(record.path("headers").toString())
                .isEqualTo("[{\"h\":[0,127,128,255]},{\"h\":[]},{\"\":[101]}]");
        assertThat(Base64.getDecoder().decode(record.path("value").textValue()))
                .isEqualTo(event.raw().value().bytes())
                .startsWith(0, 0, 0, 0, 7);
    }

    @Test
    void shouldSayThatTheBrokerSetsTheTimestamps() {
        RenderSettings plain = RenderFixture.SETTINGS;
        var appended =
                new RenderSettings(
                        plain.trigger(),
                        plain.function(),
                        plain.sourceTopic(),
                        true,
                        plain.bootstrapServers(),
                        plain.account());

        Rendering rendering =
                new EventRenderer(EventFormat.KAFKA, appended)
                        .render(List.of(RenderFixture.json(1, "x")), 1, Optional.empty());

        assertThat(rendering.json().text()).contains("\"timestampType\":\"LOG_APPEND_TIME\"");
    }

    private static String reason(EventFormat format, Event event) {
        return RenderFixture.fault(format, event).message();
    }
}
