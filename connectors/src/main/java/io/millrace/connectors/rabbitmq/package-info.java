/**
 * Source connector for RabbitMQ queues (AMQP 0-9-1).
 *
 * <p>In: queue names, credentials. Out: records made by {@code queue}, acknowledgements of messages
 * whose records are committed. Not here: what is common to all queues.
 */
@NullMarked
package io.millrace.connectors.rabbitmq;

import org.jspecify.annotations.NullMarked;
