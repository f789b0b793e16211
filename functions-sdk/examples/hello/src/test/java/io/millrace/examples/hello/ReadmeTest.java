package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ReadmeTest {
    @Test
    void shouldShowTheFunctionThatIsCompiledHere() throws IOException {
        // Given
        Path source = Path.of("src/main/java/io/millrace/examples/hello/HelloFunction.java");

        // When
        String readme = Files.readString(Path.of("../../README.md"));

        // Then
        assertThat(readme).contains("```java\n" + Files.readString(source) + "```");
    }
}
