package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.examples.hello.OrderFunction.Order;
import io.millrace.examples.hello.OrderFunction.Receipt;
import io.millrace.functions.NonRetryable;

import org.junit.jupiter.api.Test;

final class OrderFunctionTest {
    @Test
    void shouldSendAnOrderWithoutQuantityToTheDeadLetters() {
        // Given
        Order order = new Order("7", 0, 250);

        // When, Then
        assertThatThrownBy(() -> new OrderFunction().handle(order, new PlainContext()))
                .isInstanceOf(NonRetryable.class)
                .hasMessage("order '7' has no quantity");
    }

    @Test
    void shouldAddUpAnOrder() {
        // When
        Receipt receipt = new OrderFunction().handle(new Order("7", 3, 250), new PlainContext());

        // Then
        assertThat(receipt).isEqualTo(new Receipt("7", 750));
    }
}
