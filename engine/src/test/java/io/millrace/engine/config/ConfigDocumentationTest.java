package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

final class ConfigDocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void shouldDescribeEveryKeyAndNoOther() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(page.lines().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(ConfigKeys.ALL.stream().map(this::row).toList());
    }

    private String row(ConfigKeys.Key key) {
        String value =
                Optional.of(key.defaultValue()).filter(it -> !it.isEmpty()).orElse(" ").strip();
        return "| `"
                + key.name()
                + "` | "
                + (value.isEmpty() ? "" : "`" + value + "`")
                + " | "
                + key.range().map(ConfigKeys.Range::toString).orElse("")
                + " | "
                + key.documentation()
                + " |";
    }
}
