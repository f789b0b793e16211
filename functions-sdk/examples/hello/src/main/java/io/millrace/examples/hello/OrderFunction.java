package io.millrace.examples.hello;

import io.millrace.functions.Context;
import io.millrace.functions.Handler;
import io.millrace.functions.NonRetryable;

/** Adds up an order that comes as JSON and returns a receipt as JSON. */
public final class OrderFunction implements Handler<OrderFunction.Order, OrderFunction.Receipt> {
    /** What an event holds. */
    public record Order(String id, int quantity, long unitPriceCents) {}

    /** What is written to the results topic. */
    public record Receipt(String orderId, long totalCents) {}

    @Override
    public Receipt handle(Order order, Context context) {
        if (order.quantity() < 1) {
            throw new NonRetryable("order '" + order.id() + "' has no quantity");
        }
        return new Receipt(
                order.id(), Math.multiplyExact(order.quantity(), order.unitPriceCents()));
    }
}
