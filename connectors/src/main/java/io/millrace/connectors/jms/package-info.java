/**
 * Source connector for queues of AMQP 1.0 servers (Artemis, Azure Service Bus and others), by
 * Jakarta Messaging.
 *
 * <p>In: queue names, credentials. Out: records made by {@code queue}, acknowledgements of messages
 * whose records are committed. Not here: what is common to all queues.
 */
@NullMarked
package io.millrace.connectors.jms;

import org.jspecify.annotations.NullMarked;
