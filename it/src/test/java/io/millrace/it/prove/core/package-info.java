/**
 * The proof of the delivery core against a real broker: scenarios that send events through triggers
 * of every kind, and judges of what is left in the topics. In goes a {@link
 * io.millrace.it.prove.core.Bed}, out come checks. A judge sees only what {@link
 * io.millrace.it.prove.core.Seen} holds; it must not talk to a broker.
 */
@NullMarked
package io.millrace.it.prove.core;

import org.jspecify.annotations.NullMarked;
