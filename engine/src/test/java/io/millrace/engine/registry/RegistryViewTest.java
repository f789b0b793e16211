package io.millrace.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.TopicNames;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class RegistryViewTest {
    private static final TopicNames NAMES = new TopicNames("millrace.");

    // Nothing listens there; what needs a schema cannot be read.
    private final SchemaRegistryClient schemas =
            new SchemaRegistryClient(
                    RegistryConfig.from(
                            Map.of(
                                    "schema.registry.url",
                                    "http://127.0.0.1:1",
                                    "max.retries",
                                    "0")));
    private final RegistryView view = new RegistryView(NAMES, schemas);

    @AfterEach
    void close() {
        schemas.close();
    }

    @Test
    void shouldPassOverWhatIsNoRegistryRecord() {
        view.apply(record(NAMES.functions(), "f:$LATEST", "garbage"));
        view.apply(record(NAMES.triggers(), "t", ""));
        view.apply(new ConsumerRecord<>(NAMES.triggers(), 0, 1, null, new byte[] {1}));

        assertThat(view.skipped()).isEqualTo(3);
        assertThat(view.snapshot()).isEqualTo(RegistrySnapshot.EMPTY);
    }

    @Test
    void shouldTakeATombstoneOfSomethingUnknown() {
        view.apply(new ConsumerRecord<>(NAMES.functions(), 0, 0, bytes("f:1"), null));

        assertThat(view.skipped()).isZero();
        assertThat(view.snapshot()).isEqualTo(RegistrySnapshot.EMPTY);
    }

    @Test
    void shouldNotPassOverARecordBecauseTheSchemaRegistryIsAway() {
        ConsumerRecord<byte[], byte[]> framed =
                new ConsumerRecord<>(
                        NAMES.functions(), 0, 0, bytes("f:1"), new byte[] {0, 0, 0, 0, 1, 2});

        assertThatThrownBy(() -> view.apply(framed)).isInstanceOf(RegistryException.class);
        assertThat(view.skipped()).isZero();
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, String key, String value) {
        return new ConsumerRecord<>(topic, 0, 0, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
