package io.millrace.engine.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.schemas.QueueMessage;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Messages of queues, and records that are taken for such, as SQS and SNS tell them. */
final class MessageTest {
    private static final byte[] NO_TEXT = {(byte) 0xff, (byte) 0xfe};

    @Test
    void shouldGiveATombstoneAnEmptyBody() {
        JsonNode record = sqs(RenderFixture.event(1, Payload.NULL, Payload.NULL));

        assertThat(record.path("body").textValue()).isEmpty();
        assertThat(record.path("md5OfBody").textValue())
                .isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
        assertThat(record.path("messageAttributes").toString()).isEqualTo("{}");
        assertThat(record.has("md5OfMessageAttributes")).isFalse();
    }

    @Test
    void shouldGiveAMessageWithoutBodyAnEmptyOne() {
        Event event = RenderFixture.json(1, "{\"queue\":\"q\",\"messageId\":\"m\",\"body\":null}");

        assertThat(sqs(event).path("body").textValue()).isEmpty();
        assertThat(sqs(event).path("messageId").textValue()).isEqualTo("m");
    }

    @Test
    void shouldSayThatABodyIsNoText() {
        QueueMessage message = Samples.message("").setBody(ByteBuffer.wrap(NO_TEXT)).build();

        JsonNode ofQueue = sqs(RenderFixture.avro(1, message));
        JsonNode ofRecord = sqs(RenderFixture.event(2, Payload.NULL, Payload.of(NO_TEXT)));

        for (JsonNode record : List.of(ofQueue, ofRecord)) {
            assertThat(record.path("body").textValue()).isEqualTo("//4=");
            assertThat(record.at("/messageAttributes/millrace-body-encoding/stringValue"))
                    .hasToString("\"base64\"");
        }
    }

    @Test
    void shouldTakeForAMessageOnlyWhatIsOne() {
        List<String> others =
                List.of(
                        "{\"queue\":\"q\",\"messageId\":\"m\"}",
                        "{\"queue\":1,\"messageId\":\"m\",\"body\":\"\"}",
                        "{\"queue\":\"q\"",
                        "[]",
                        "  ");

        for (String other : others) {
            JsonNode record = sqs(RenderFixture.json(1, other));

            assertThat(record.path("body").textValue()).isEqualTo(other);
            assertThat(record.path("eventSourceARN").textValue()).endsWith(":orders");
        }
    }

    @Test
    void shouldGiveAvroThatIsNoMessageAsJson() {
        JsonNode record = sqs(RenderFixture.avro(1, Samples.tick("x")));

        assertThat(record.path("body").textValue())
                .startsWith("{\"schedule\":\"nightly\"")
                .contains("\"payload\":\"x\"");
    }

    @Test
    void shouldCountTheAttemptsBehindWhatTheQueueCounted() {
        QueueMessage message = Samples.message("x").setReceiveCount(3).build();

        Rendering rendering =
                new EventRenderer(EventFormat.SQS, RenderFixture.SETTINGS)
                        .render(List.of(RenderFixture.avro(1, message)), 4, Optional.empty());

        assertThat(rendering.json().text()).contains("\"ApproximateReceiveCount\":\"6\"");
    }

    @Test
    void shouldTellWhatTheQueueToldAndMakeUpNoMore() {
        QueueMessage message =
                Samples.message("x")
                        .setAttributes(
                                Map.of(
                                        "SequenceNumber", "18849496460467696128",
                                        "MessageDeduplicationId", "d",
                                        "AWSTraceHeader", "Root=1",
                                        "ApproximateFirstReceiveTimestamp", "7"))
                        .setGroupId("g")
                        .build();

        JsonNode record = sqs(RenderFixture.avro(1, message));

        assertThat(record.path("messageAttributes").isEmpty()).isTrue();
        assertThat(record.path("attributes").toString())
                .isEqualTo(
                        "{\"AWSTraceHeader\":\"Root=1\","
                                + "\"ApproximateFirstReceiveTimestamp\":\"7\","
                                + "\"ApproximateReceiveCount\":\"1\","
                                + "\"MessageDeduplicationId\":\"d\",\"MessageGroupId\":\"g\","
                                + "\"SenderId\":\"123456789012\","
                                + "\"SentTimestamp\":\"1795251600987\","
                                + "\"SequenceNumber\":\"18849496460467696128\"}");
    }

    @Test
    void shouldGiveAttributesTheTypesTheMessageTells() {
        String message =
                """
                {"queue":"q","messageId":"m","body":"eA==",
                 "attributes":{"n":"6","b":"//4=","c":"x","SenderId":"mine"},
                 "attributeTypes":{"n":"Number","b":"Binary.png","SenderId":"String"}}
                """;

        JsonNode attributes = sqs(RenderFixture.json(1, message)).path("messageAttributes");

        assertThat(attributes.at("/n/dataType").textValue()).isEqualTo("Number");
        assertThat(attributes.at("/n/stringValue").textValue()).isEqualTo("6");
        assertThat(attributes.at("/b/dataType").textValue()).isEqualTo("Binary.png");
        assertThat(attributes.at("/b/binaryValue").textValue()).isEqualTo("//4=");
        assertThat(attributes.at("/c/dataType").textValue()).isEqualTo("String");
        assertThat(attributes.at("/SenderId/stringValue").textValue()).isEqualTo("mine");
    }

    @Test
    void shouldSumAttributesUpAsSqsDoes() {
        var attributes = new TreeMap<String, MessageAttribute>();
        attributes.put("Title", MessageAttribute.text("The Whistler"));
        attributes.put("Author", MessageAttribute.text("John Grisham"));
        attributes.put("WeeksOn", new MessageAttribute("Number", Payload.of("6")));

        assertThat(MessageAttribute.md5(attributes)).isEqualTo("d25a6aea97eb8f585bfa92d314504a92");
    }

    @Test
    void shouldTakeTheKeyOfARecordForItsGroup() {
        JsonNode record = sqs(RenderFixture.event(12, Payload.of("k"), Payload.of("v")));

        assertThat(record.at("/attributes/MessageGroupId").textValue()).isEqualTo("k");
        assertThat(record.at("/attributes/SequenceNumber").textValue())
                .isEqualTo("00000000000000000012");
        assertThat(record.at("/attributes/MessageDeduplicationId"))
                .isEqualTo(record.path("messageId"));
    }

    @Test
    void shouldTellSnsOfSubjectAndBinaryAttributes() {
        Event event =
                RenderFixture.json(
                        1,
                        "hello",
                        Header.of("ce_subject", "greeting"),
                        new Header("raw", Payload.of(NO_TEXT)));

        JsonNode sns = RenderFixture.record(EventFormat.SNS, event).path("Sns");

        assertThat(sns.path("Subject").textValue()).isEqualTo("greeting");
        assertThat(sns.path("Message").textValue()).isEqualTo("hello");
        assertThat(sns.at("/MessageAttributes/raw").toString())
                .isEqualTo("{\"Type\":\"Binary\",\"Value\":\"//4=\"}");
    }

    @Test
    void shouldNameTwoMessagesWithOneIdByIt() {
        QueueMessage message = Samples.message("x").build();

        Rendering rendering =
                RenderFixture.render(
                        EventFormat.SQS,
                        RenderFixture.avro(1, message),
                        RenderFixture.avro(2, message));

        assertThat(rendering.identifiers())
                .containsExactly(message.getMessageId(), message.getMessageId());
    }

    private static JsonNode sqs(Event event) {
        return RenderFixture.record(EventFormat.SQS, event);
    }
}
