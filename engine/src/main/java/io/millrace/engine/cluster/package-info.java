/**
 * Kafka clients of the control plane: how they are configured, and how their errors are told.
 *
 * <p>In: addresses and settings. Out: clients ready to use, {@link
 * io.millrace.engine.model.MillraceException}s of one line. Not here: what the clients read and
 * write, and everything of the delivery of events.
 */
@NullMarked
package io.millrace.engine.cluster;

import org.jspecify.annotations.NullMarked;
