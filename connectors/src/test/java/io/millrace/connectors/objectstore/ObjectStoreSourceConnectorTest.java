package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

final class ObjectStoreSourceConnectorTest {
    private final FakeStore store = new FakeStore(1);
    private final ObjectStoreSourceConnector connector =
            new ObjectStoreSourceConnector((config, timeout) -> store);
    private final Map<String, String> properties =
            new HashMap<>(Map.of("objectstore.bucket", "photos", "topic", "objects"));

    @Test
    void shouldReportEveryErrorAtOnce() {
        Map<String, String> wrong =
                Map.of(
                        "objectstore.endpoint", "localhost:9000",
                        "objectstore.bucket", "a/b",
                        "objectstore.access.key", "me",
                        "objectstore.start", "yesterday",
                        "objectstore.poll.interval.ms", "0",
                        "objectstore.page.size", "many",
                        "objectstore.sufixes", ".jpg");

        Map<String, List<String>> errors = errors(wrong);

        assertThat(errors)
                .containsOnlyKeys(
                        "objectstore.endpoint",
                        "objectstore.bucket",
                        "objectstore.secret.key",
                        "objectstore.start",
                        "objectstore.poll.interval.ms",
                        "objectstore.page.size",
                        "objectstore.sufixes",
                        "topic");
        assertThat(errors)
                .hasEntrySatisfying(
                        "objectstore.sufixes",
                        texts -> assertThat(texts.get(0)).contains("objectstore.suffixes"));
        assertThat(store.asked()).isEmpty();
    }

    @Test
    void shouldNotRepeatAPasswordInAnError() {
        properties.put("objectstore.endpoint", "http://me:hunter2@localhost");

        assertThat(errors(properties).toString())
                .contains("objectstore.endpoint")
                .doesNotContain("hunter2");
    }

    @Test
    void shouldAcceptAWorkersOtherKeys() {
        properties.put("name", "photos");
        properties.put("transforms", "");
        properties.put("value.converter.schema.registry.url", "http://localhost:8081");

        assertThat(errors(properties)).isEmpty();
    }

    @Test
    void shouldReportWhatTheStoreRefusesAtItsKey() {
        store.failWith(
                StoreException.lasting("no such region", "objectstore.region", new Exception()));

        assertThat(errors(properties))
                .containsExactly(Map.entry("objectstore.region", List.of("no such region")));
    }

    @Test
    void shouldNotBlameTheConfigurationForAStoreThatIsDown() {
        store.failWith(FakeStore.down());

        assertThat(errors(properties)).isEmpty();
        assertThat(store.asked()).hasSize(1);
    }

    @Test
    void shouldRunOneTaskHoweverManyAreAllowed() {
        connector.start(properties);

        assertThat(connector.taskConfigs(5)).containsExactly(properties);
        assertThat(connector.taskClass()).isEqualTo(ObjectStoreSourceTask.class);
    }

    @Test
    void shouldSupportExactlyOnce() {
        assertThat(connector.exactlyOnceSupport(properties))
                .isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }

    @Test
    void shouldLetAnOperatorSetAndForgetOffsets() {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        PackedObjects objects = PackedObjects.of(List.of(new KnownObject(ObjectKey.of("a"), 17)));
        offsets.put(
                Map.of("bucket", "photos", "prefix", "", "chunk", "0"),
                new ChunkContent(0, 1, ObjectKey.FIRST, ObjectKey.END, objects)
                        .toMap(Optional.empty()));
        forget(offsets, Map.of("bucket", "photos", "key", "b"));

        assertThat(connector.alterOffsets(properties, offsets)).isTrue();
    }

    @Test
    void shouldRefuseOffsetsThatItCouldNotRead() {
        Map<String, String> chunk = Map.of("bucket", "photos", "prefix", "", "chunk", "0");
        Map<String, Object> offset =
                Map.of("format", 1, "generation", 1, "first", "", "count", 2, "objects", "");
        Map<Map<String, ?>, Map<String, ?>> wrongCount = Map.of(chunk, offset);
        Map<Map<String, ?>, Map<String, ?>> noChunk = Map.of(Map.of("bucket", "photos"), offset);

        assertThatThrownBy(() -> connector.alterOffsets(properties, wrongCount))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'count'");
        assertThatThrownBy(() -> connector.alterOffsets(properties, noChunk))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'chunk'");
    }

    @Test
    void shouldReportSizesThatExcludeEachOther() {
        properties.put("objectstore.size.min", "10");
        properties.put("objectstore.size.max", "9");

        assertThat(errors(properties)).containsOnlyKeys("objectstore.size.min");
    }

    @Test
    void shouldBeFoundByTheWorker() {
        assertThat(ServiceLoader.load(SourceConnector.class))
                .anyMatch(each -> each instanceof ObjectStoreSourceConnector);
    }

    @SuppressWarnings("NullAway") // Kafka's interface: no offset is null.
    private static void forget(
            Map<Map<String, ?>, Map<String, ?>> offsets, Map<String, ?> partition) {
        offsets.put(partition, null);
    }

    private Map<String, List<String>> errors(Map<String, String> config) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : connector.validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }
}
