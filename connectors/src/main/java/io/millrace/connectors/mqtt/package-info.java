/**
 * Source connector for MQTT 5 servers: one persistent session with some subscriptions.
 *
 * <p>In: topic filters, credentials. Out: records made by {@code queue}, acknowledgements of
 * messages whose records are committed. Not here: what is common to all queues.
 */
@NullMarked
package io.millrace.connectors.mqtt;

import org.jspecify.annotations.NullMarked;
