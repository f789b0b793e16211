package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ReadmeTest {
    @ParameterizedTest
    @ValueSource(strings = {"../../README.md", "../../../README.md"})
    void shouldShowTheFunctionThatIsCompiledHere(String readme) throws IOException {
        Path source = Path.of("src/main/java/io/millrace/examples/hello/HelloFunction.java");

        assertThat(Files.readString(Path.of(readme)))
                .contains("```java\n" + Files.readString(source) + "```");
    }
}
