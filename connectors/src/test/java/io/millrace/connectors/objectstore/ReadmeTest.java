package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

final class ReadmeTest {
    @Test
    void shouldHaveTheTableThatTheDefinitionMakes() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains(table(ObjectStoreSourceConfig.DEFINITION));
        assertThat(readme).contains(table(NotificationConfig.DEFINITION));
    }

    @Test
    void shouldHaveAnExampleOfNotificationsThatIsValid() throws IOException {
        Map<String, String> config = example("object-notifications.json");

        var checked = new ObjectNotificationSourceConnector().validate(config);

        assertThat(checked.configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
        assertThat(config.get("connector.class"))
                .isEqualTo(ObjectNotificationSourceConnector.class.getName());
        assertThat(config).containsKey("topic.creation.default.partitions");
    }

    @Test
    void shouldHaveAnExampleThatIsValid() throws IOException {
        Map<String, String> config = example("object-store.json");
        FakeStore store = new FakeStore(1);

        var checked = new ObjectStoreSourceConnector((parsed, timeout) -> store).validate(config);

        assertThat(checked.configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
        assertThat(store.asked()).hasSize(1);
        assertThat(config.get("connector.class"))
                .isEqualTo(ObjectStoreSourceConnector.class.getName());
        assertThat(config).containsKey("topic.creation.default.partitions");
    }

    private static Map<String, String> example(String name) throws IOException {
        JsonNode example = new ObjectMapper().readTree(Path.of("examples", name).toFile());
        Map<String, String> config = new HashMap<>();
        example.path("config")
                .properties()
                .forEach(each -> config.put(each.getKey(), each.getValue().asText()));
        return config;
    }

    private static String table(ConfigDef definition) {
        StringBuilder table =
                new StringBuilder(
                        "| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
        Map<String, ConfigDef.ConfigKey> keys = definition.configKeys();
        for (ConfigDef.ConfigKey key : keys.values()) {
            String value =
                    key.hasDefault()
                            ? String.valueOf(
                                    key.type() == ConfigDef.Type.PASSWORD ? "" : key.defaultValue)
                            : "required";
            table.append("| `")
                    .append(key.name)
                    .append("` | ")
                    .append(value.equals("[]") ? "" : value)
                    .append(" | ")
                    .append(allowed(key))
                    .append(" | ")
                    .append(key.documentation)
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String allowed(ConfigDef.ConfigKey key) {
        return key.validator == null
                ? key.type().name().toLowerCase(java.util.Locale.ROOT)
                : Objects.toString(key.validator);
    }
}
