package io.millrace.connectors.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

final class ReadmeTest {
    @Test
    void shouldHaveTheTableThatTheDefinitionMakes() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains(table());
    }

    @Test
    void shouldHaveAnExampleThatIsValid() throws IOException {
        JsonNode example =
                new ObjectMapper().readTree(Path.of("examples", "schedules.json").toFile());
        Map<String, String> config = new HashMap<>();
        example.path("config")
                .properties()
                .forEach(each -> config.put(each.getKey(), each.getValue().asText()));

        var checked = new ScheduleSourceConnector().validate(config);

        assertThat(checked.configValues())
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
        assertThat(config.get("connector.class"))
                .isEqualTo(ScheduleSourceConnector.class.getName());
        assertThat(config).containsKey("topic.creation.default.partitions");
    }

    private static String table() {
        Map<String, ConfigDef.ConfigKey> keys = new LinkedHashMap<>();
        keys.putAll(ScheduleSourceConfig.DEFINITION.configKeys());
        keys.putAll(ScheduleKeys.definition("NAME").configKeys());
        StringBuilder table =
                new StringBuilder(
                        "| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
        for (ConfigDef.ConfigKey key : keys.values()) {
            String allowed =
                    key.validator == null
                            ? key.type().name().toLowerCase(Locale.ROOT)
                            : Objects.toString(key.validator);
            table.append("| `")
                    .append(key.name)
                    .append("` | ")
                    .append(key.hasDefault() ? String.valueOf(key.defaultValue) : "required")
                    .append(" | ")
                    .append(allowed.replace("|", "\\|"))
                    .append(" | ")
                    .append(key.documentation.replace("<", "\\<"))
                    .append(" |\n");
        }
        return table.toString();
    }
}
