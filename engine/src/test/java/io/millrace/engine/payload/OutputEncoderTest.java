package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RegistryStub;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.payload.SchemaRegistration.Answer;
import io.millrace.schemas.ScheduleTick;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class OutputEncoderTest {
    record Thumbnail(String key, int width, Instant at, Duration took) {}

    private final List<String> subjects = new ArrayList<>();
    private final OutputEncoder encoder =
            new OutputEncoder(
                    "thumbnails",
                    (subject, _) -> {
                        subjects.add(subject);
                        return new Answer.Registered(258);
                    });

    @Test
    void shouldFailOnlyTheEventWhenItsResultCannotBeWritten() {
        // Given
        List<Object> ring = new ArrayList<>();
        ring.add(ring);

        // When, Then
        assertThat(failure(encoder.encode(ring)).kind()).isEqualTo(Failure.Kind.NON_RETRYABLE);
        assertThat(failure(encoder.encode(new Object())).message()).contains("java.lang.Object");
        assertThat(failure(encoder.encode(new ScheduleTick())).type())
                .isEqualTo("ResultNotEncodable");
    }

    @ParameterizedTest
    @CsvSource({
        "409, 409, NON_RETRYABLE",
        "422, 42201, NON_RETRYABLE",
        "401, 40101, UNAVAILABLE",
        "500, 50001, UNAVAILABLE"
    })
    void shouldTellARefusedSchemaFromARegistryThatIsDown(int status, int code, Failure.Kind kind) {
        try (RegistryStub registry =
                        new RegistryStub(
                                status, "{\"error_code\":" + code + ",\"message\":\"m\"}");
                SchemaRegistryClient client = registry.client()) {
            // Given
            OutputEncoder asking =
                    new OutputEncoder("thumbnails", new RegistrySchemaRegistration(client));

            // When
            ItemEnd end = asking.encode(tick());

            // Then
            assertThat(failure(end).kind()).isEqualTo(kind);
        }
    }

    @Test
    void shouldTakeBytesAsTheyAreAndCopyThem() {
        // Given
        byte[] bytes = {1, 2, 3};
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}).position(1);

        // When
        Output.Value fromArray = value(encoder.encode(bytes));
        Output.Value fromBuffer = value(encoder.encode(buffer));
        bytes[0] = 9;

        // Then
        Output.Value expected =
                new Output.Value(Payload.of(new byte[] {1, 2, 3}), "application/octet-stream");
        assertThat(fromArray).isEqualTo(expected);
        assertThat(fromBuffer).isEqualTo(expected);
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void shouldWriteTextAsUtf8() {
        assertThat(encoder.encode("grün"))
                .isEqualTo(
                        new ItemEnd.Done(
                                new Output.Value(Payload.of("grün"), "text/plain; charset=utf-8")));
    }

    @Test
    void shouldWriteEverythingElseAsJson() {
        // Given
        Thumbnail thumbnail = new Thumbnail("a.jpg", 320, Instant.EPOCH, Duration.ofSeconds(90));

        // When
        Output.Value value = value(encoder.encode(thumbnail));

        // Then
        assertThat(value.contentType()).isEqualTo("application/json");
        assertThat(value.payload().text())
                .isEqualTo(
                        "{\"key\":\"a.jpg\",\"width\":320,\"at\":\"1970-01-01T00:00:00Z\","
                                + "\"took\":\"PT1M30S\"}");
        assertThat(value(encoder.encode(Map.of("a", List.of(1)))).payload().text())
                .isEqualTo("{\"a\":[1]}");
        assertThat(value(encoder.encode(5)).payload().text()).isEqualTo("5");
    }

    @Test
    void shouldWriteAvroBehindTheIdOfItsSchema() throws IOException {
        for (GenericRecord datum : List.of(tick(), generic())) {
            // When
            Output.Value value = value(encoder.encode(datum));

            // Then
            byte[] bytes = value.payload().bytes();
            assertThat(value.contentType()).isEqualTo("application/vnd.confluent.avro");
            assertThat(bytes).startsWith(0, 0, 0, 1, 2);
            byte[] binary = Arrays.copyOfRange(bytes, 5, bytes.length);
            assertThat(
                            new GenericDatumReader<GenericRecord>(ScheduleTick.getClassSchema())
                                    .read(null, DecoderFactory.get().binaryDecoder(binary, null)))
                    .isEqualTo(generic());
        }
        assertThat(subjects).containsExactly("thumbnails-value", "thumbnails-value");
    }

    private static ScheduleTick tick() {
        return ScheduleTick.newBuilder()
                .setSchedule("nightly")
                .setExpression("rate(1 day)")
                .setDueAt(Instant.EPOCH)
                .build();
    }

    private static GenericRecord generic() {
        return new GenericRecordBuilder(ScheduleTick.getClassSchema())
                .set("schedule", "nightly")
                .set("expression", "rate(1 day)")
                .set("dueAt", 0L)
                .build();
    }

    private static Output.Value value(ItemEnd end) {
        assertThat(end).isInstanceOf(ItemEnd.Done.class);
        Output output = ((ItemEnd.Done) end).output();
        assertThat(output).isInstanceOf(Output.Value.class);
        return (Output.Value) output;
    }

    private static Failure failure(ItemEnd end) {
        assertThat(end).isInstanceOf(ItemEnd.Failed.class);
        return ((ItemEnd.Failed) end).failure();
    }
}
