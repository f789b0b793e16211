package io.millrace.engine.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SourceFileTest {
    @TempDir private Path folder;

    @Test
    void shouldTellThatAFileIsMissing() {
        assertThatThrownBy(() -> SourceFile.read(folder.resolve("none.json")))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("none.json");
    }

    @Test
    void shouldTellInOneLineWhatIsNoJson() throws IOException {
        assertThatThrownBy(() -> read("{\n\"name\": \"a\",\n}"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("in line 3")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> read("")).hasMessageContaining("no JSON object");
    }

    @Test
    void shouldTellEverythingThatIsWrong() {
        assertThatThrownBy(() -> read("{\"config\": {\"a\": {}}, \"tasks\": []}"))
                .hasMessageContaining("'tasks' is not known; allowed: name, config")
                .hasMessageContaining("'name' is missing")
                .hasMessageContaining("'a' in 'config' is no text")
                .hasMessageContaining("no 'connector.class'");
    }

    @Test
    void shouldRefuseTwoNames() {
        assertThatThrownBy(() ->
                        read(
                                "{\"name\": \"a\", \"config\": {\"name\": \"b\","
                                        + " \"connector.class\": \"c\"}}"))
                .hasMessageContaining("'name' in 'config' differs from 'a'");
    }

    @Test
    void shouldReadNumbersAsTextsAndShowNoValues() throws IOException {
        SourceFile file =
                read(
                        "{\"name\": \"a\", \"config\": {\"connector.class\": \"x.C\", \"tasks.max\": 2,"
                                + " \"topic\": \"t\", \"secret\": \"hidden-value\"}}");

        assertThat(file.config()).containsEntry("tasks.max", "2").containsEntry("name", "a");
        assertThat(file.topic()).isEqualTo("t");
        assertThat(file.toString()).contains("secret").doesNotContain("hidden-value");
    }

    private SourceFile read(String json) throws IOException {
        return SourceFile.read(Files.writeString(folder.resolve("source.json"), json));
    }
}
