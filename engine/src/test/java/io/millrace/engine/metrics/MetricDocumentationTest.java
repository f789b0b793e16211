package io.millrace.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

final class MetricDocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    @Test
    void shouldDescribeEveryMetricAndNoOther() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(page.lines().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(Metric.ALL.stream().map(this::row).toList());
    }

    @Test
    void shouldListEveryMetricOnce() {
        long constants =
                Stream.of(Metric.class.getDeclaredFields())
                        .filter(field -> Modifier.isStatic(field.getModifiers()))
                        .filter(field -> field.getType() == Metric.class)
                        .count();
        assertThat(Metric.ALL).doesNotHaveDuplicates().hasSize((int) constants);
        assertThat(Metric.ALL).extracting(Metric::prometheusName).doesNotHaveDuplicates();
    }

    private String row(Metric metric) {
        return "| `"
                + metric.name()
                + "` | `"
                + metric.prometheusName()
                + "` | "
                + metric.kind().name().toLowerCase(Locale.ROOT)
                + " | "
                + metric.description()
                + " |";
    }
}
