/**
 * What all queue connectors have in common: messages become events, a repeat is recognised by its
 * message id, and a message is acknowledged only after its event is safe in Kafka.
 *
 * <p>In: messages as a {@link io.millrace.connectors.queue.QueueClient} hands them out, source
 * offsets of earlier runs. Out: source records, acknowledgements. Not here: any queue protocol;
 * each has a package of its own and uses this one.
 */
@NullMarked
package io.millrace.connectors.queue;

import org.jspecify.annotations.NullMarked;
