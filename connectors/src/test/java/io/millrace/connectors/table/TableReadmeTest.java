package io.millrace.connectors.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

final class TableReadmeTest {
    private static final String TRANSFORM = "transforms.change.";

    @Test
    void shouldHaveTheTableThatTheDefinitionMakes() throws IOException {
        assertThat(Files.readString(Path.of("README.md"))).contains(table());
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "mysql"})
    void shouldHaveExamplesThatAreValid(String database) throws IOException {
        Map<String, String> config = new HashMap<>();
        new ObjectMapper()
                .readTree(Path.of("examples", database + ".json").toFile())
                .path("config")
                .properties()
                .forEach(each -> config.put(each.getKey(), each.getValue().asText()));
        Map<String, String> transform = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(TRANSFORM)) {
                transform.put(key.substring(TRANSFORM.length()), value);
            }
        });

        assertThat(transform.remove("type")).isEqualTo(TableChangeTransform.class.getName());
        assertThat(TableChangeConfig.DEFINITION.names()).containsAll(transform.keySet());
        assertThat(TableChangeConfig.DEFINITION.validate(transform))
                .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
        assertThat(config)
                .containsKeys("topic.creation.default.partitions", "heartbeat.interval.ms")
                .containsEntry("exactly.once.support", "required");
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder(
                        "| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
        for (ConfigDef.ConfigKey key : TableChangeConfig.DEFINITION.configKeys().values()) {
            table.append("| `")
                    .append(key.name)
                    .append("` | ")
                    .append(key.defaultValue)
                    .append(" | ")
                    .append(
                            key.validator == null
                                    ? key.type().name().toLowerCase(Locale.ROOT)
                                    : key.validator.toString())
                    .append(" | ")
                    .append(key.documentation)
                    .append(" |\n");
        }
        return table.toString();
    }
}
