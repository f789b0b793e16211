package io.millrace.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.TopicNames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class TriggerDocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "triggers.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir private Path folder;

    @Test
    void shouldDescribeEveryField() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(TriggerSection.fields())
                .allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
    }

    @Test
    void shouldDescribeEveryCondition() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(Stream.of(Outcome.Condition.values()).map(Outcome.Condition::text))
                .allSatisfy(condition -> assertThat(page).contains("| `" + condition + "` |"));
    }

    @Test
    void shouldShowAnExampleThatCanBeDeployed() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        Path manifest = folder.resolve("function.yaml");
        Files.writeString(manifest, "function: f\nhandler: a.B\ncode: f.jar\n" + example.group(1));

        Manifest read = new ManifestReader(new TopicNames("millrace."), Map.of()).read(manifest);

        assertThat(read.triggers()).hasSize(1);
    }
}
