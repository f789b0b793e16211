package io.millrace.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.examples.hello.OrderFunction.Order;
import io.millrace.examples.hello.OrderFunction.Receipt;
import io.millrace.functions.testing.Delivered;
import io.millrace.functions.testing.FunctionExtension;
import io.millrace.functions.testing.TestEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class OrderFunctionTest {
    @RegisterExtension final FunctionExtension orders = FunctionExtension.of(OrderFunction.class);

    @Test
    void shouldSendAnOrderWithoutQuantityToTheDeadLettersAtOnce() {
        Delivered delivered = orders.send(TestEvent.json(new Order("7", 0, 250)));

        assertThat(delivered.condition()).isEqualTo("NonRetryable");
        assertThat(delivered.errorMessage()).isEqualTo("order '7' has no quantity");
        assertThat(delivered.attempts()).hasSize(1);
    }

    @Test
    void shouldSendWhatIsNoOrderToTheDeadLetters() {
        assertThat(orders.send(TestEvent.text("seven")).condition()).isEqualTo("DecodeError");
    }

    @Test
    void shouldAddUpAnOrder() {
        Delivered delivered = orders.send(TestEvent.json(new Order("7", 3, 250)));

        assertThat(delivered.json(Receipt.class)).isEqualTo(new Receipt("7", 750));
    }
}
