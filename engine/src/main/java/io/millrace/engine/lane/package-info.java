/**
 * Room 2: queues the events of one partition in lanes, in offset order.
 *
 * <p>In: raw events, from the stream thread. Out: batches, to one pool thread per lane at a time.
 * Must not decode or run anything, and must not know Kafka.
 */
@NullMarked
package io.millrace.engine.lane;

import org.jspecify.annotations.NullMarked;
