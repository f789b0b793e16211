/**
 * Room 7: runs invocations in environments, within permits and deadlines.
 *
 * <p>In: invocations. Out: attempt ends, through a queue that the stream thread reads. Must not
 * know Kafka, lanes or retries.
 */
@NullMarked
package io.millrace.engine.execute;

import org.jspecify.annotations.NullMarked;
