package io.millrace.engine.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.WindowInput;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What AWS's own types make of the documents, by AWS's own serialisation: nothing gets lost. */
final class LambdaTypesTest {
    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(EventFormat.S3, S3Event.class),
                Arguments.of(EventFormat.SQS, SQSEvent.class),
                Arguments.of(EventFormat.DYNAMODB, DynamodbEvent.class),
                Arguments.of(EventFormat.KINESIS, KinesisEvent.class),
                Arguments.of(EventFormat.KAFKA, KafkaEvent.class),
                Arguments.of(EventFormat.SCHEDULED, ScheduledEvent.class),
                Arguments.of(EventFormat.SNS, SNSEvent.class));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldComeBackUnchanged(EventFormat format, Class<?> type) {
        JsonNode document =
                RenderFixture.document(format, Samples.of(format).toArray(Event[]::new));

        JsonNode written = roundTrip(document, type);

        assertThat(differences("", document, written)).isEmpty();
    }

    @Test
    void shouldComeBackUnchangedWithAKinesisWindow() {
        JsonNode document = windowed(EventFormat.KINESIS, Samples.window(false));

        JsonNode written = roundTrip(document, KinesisTimeWindowEvent.class);

        assertThat(differences("", document, written)).isEmpty();
    }

    @Test
    void shouldComeBackUnchangedAtTheEndOfADynamodbWindow() {
        JsonNode document = windowed(EventFormat.DYNAMODB, Samples.window(true));

        JsonNode written = roundTrip(document, DynamodbTimeWindowEvent.class);

        assertThat(differences("", document, written)).isEmpty();
    }

    @Test
    void shouldBeReadWithItsKeyDecoded() {
        JsonNode document =
                RenderFixture.document(
                        EventFormat.S3, Samples.of(EventFormat.S3).toArray(Event[]::new));

        S3Event event = (S3Event) read(document, S3Event.class);

        assertThat(event.getRecords().getFirst().getS3().getObject().getUrlDecodedKey())
                .isEqualTo("in/a@b c.png");
        assertThat(event.getRecords().getFirst().getEventTime().getMillis())
                .isEqualTo(Samples.TIME.toEpochMilli());
    }

    @Test
    void shouldNoticeWhatGetsLost() throws IOException {
        JsonNode document = Json.tree("{\"a\":1,\"b\":[1,2],\"c\":null,\"d\":\"x\"}");
        JsonNode written = Json.tree("{\"a\":2,\"b\":[1],\"d\":\"y\"}");

        assertThat(differences("", document, written)).containsExactly("/a", "/b/1", "/d");
    }

    private static JsonNode windowed(EventFormat format, WindowInput window) {
        List<Event> events = window.isFinal() ? List.of() : Samples.of(format);
        return RenderFixture.tree(
                new EventRenderer(format, RenderFixture.SETTINGS)
                        .render(events, 1, Optional.of(window))
                        .json());
    }

    private static Object read(JsonNode document, Class<?> type) {
        byte[] bytes = document.toString().getBytes(StandardCharsets.UTF_8);
        return serializer(type).fromJson(new ByteArrayInputStream(bytes));
    }

    private static JsonNode roundTrip(JsonNode document, Class<?> type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        serializer(type).toJson(read(document, type), out);
        try {
            return Json.tree(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // AWS's own signature asks for one type
    private static PojoSerializer<Object> serializer(Class<?> type) {
        return (PojoSerializer<Object>)
                LambdaEventSerializers.serializerFor(type, LambdaTypesTest.class.getClassLoader());
    }

    /**
     * Where the second has not what the first has. AWS's types write numbers in other forms, bytes
     * as base64 and nothing for null; what they add does not matter.
     */
    private static List<String> differences(String path, JsonNode sent, JsonNode back) {
        List<String> found = new ArrayList<>();
        if (sent.isObject()) {
            for (Map.Entry<String, JsonNode> field : sent.properties()) {
                String name = path + "/" + field.getKey();
                found.addAll(differences(name, field.getValue(), back.path(field.getKey())));
            }
        } else if (sent.isArray() && !back.isTextual()) {
            for (int i = 0; i < sent.size(); i++) {
                found.addAll(differences(path + "/" + i, sent.path(i), back.path(i)));
            }
        } else if (!isSame(sent, back)) {
            found.add(path);
        }
        return found;
    }

    private static boolean isSame(JsonNode sent, JsonNode back) {
        return switch (sent.getNodeType()) {
            case NULL -> back.isNull() || back.isMissingNode();
            case NUMBER ->
                    back.isNumber() && sent.decimalValue().compareTo(back.decimalValue()) == 0;
            case ARRAY -> {
                byte[] bytes = new byte[sent.size()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) sent.path(i).intValue();
                }
                yield back.textValue().equals(Base64.getEncoder().encodeToString(bytes));
            }
            case STRING -> sent.equals(back) || isSameTime(sent.textValue(), back);
            case BOOLEAN, BINARY, MISSING, OBJECT, POJO -> sent.equals(back);
        };
    }

    private static boolean isSameTime(String sent, JsonNode back) {
        try {
            return back.isTextual() && Instant.parse(sent).equals(Instant.parse(back.textValue()));
        } catch (DateTimeException _) {
            return false;
        }
    }
}
