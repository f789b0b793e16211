package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HelloFunctionTest {
    @Test
    void shouldGreetWhoeverIsNamed() {
        // When
        String greeting = new HelloFunction().handle("Ada", new PlainContext());

        // Then
        assertThat(greeting).isEqualTo("Hello, Ada!");
    }
}
