package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.functions.testing.FunctionExtension;
import io.millrace.functions.testing.TestEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class HelloFunctionTest {
    @RegisterExtension final FunctionExtension hello = FunctionExtension.of(HelloFunction.class);

    @Test
    void shouldGreetWhoeverIsNamed() {
        assertThat(hello.send(TestEvent.text("Ada")).text()).isEqualTo("Hello, Ada!");
    }
}
