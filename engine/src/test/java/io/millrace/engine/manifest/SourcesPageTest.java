package io.millrace.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.TopicNames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the page about sources says is what is read. */
class SourcesPageTest {
    private static final Path PAGE = Path.of("../docs/sources.md");

    @TempDir private Path folder;

    @Test
    void shouldHaveEveryShortName() throws IOException {
        StringBuilder table = new StringBuilder("| short name | class |\n| --- | --- |\n");
        SourceSection.SHORT_NAMES.forEach(
                (name, connector) -> table.append("| `" + name + "` | `" + connector + "` |\n"));

        assertThat(Files.readString(PAGE)).contains(table);
    }

    @Test
    void shouldHaveAnExampleThatIsRead() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
        String yaml = page.substring(begin, page.indexOf("```", begin));
        Files.createDirectories(folder.resolve("target"));
        Files.write(folder.resolve("target/report.jar"), new byte[] {1});
        Path file = Files.writeString(folder.resolve("function.yaml"), yaml);

        Manifest manifest = new ManifestReader(new TopicNames("millrace."), Map.of()).read(file);

        assertThat(manifest.triggers().getFirst().sourceTopic()).isEqualTo("ticks");
        assertThat(manifest.sources().getFirst().config())
                .containsEntry("schedule.nightly.expression", "cron(30 2 * * ? *)")
                .containsEntry("topic", "ticks");
    }

    @Test
    void shouldMakeTheTopicOfDeadLetters() throws IOException {
        Path code = Files.write(folder.resolve("f.jar"), new byte[] {1});
        Path file =
                Files.writeString(
                        folder.resolve("function.yaml"),
                        """
                        function: f
                        handler: a.B
                        code: %s
                        sources:
                          - name: queue
                            topic: orders
                            connector: sqs
                            config: { dead.letter.topic: orders-odd }
                        """
                                .formatted(code));

        Manifest manifest = new ManifestReader(new TopicNames("millrace."), Map.of()).read(file);

        assertThat(manifest.topics()).contains("orders", "orders-odd");
    }
}
