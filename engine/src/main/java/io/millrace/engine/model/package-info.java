/**
 * The words of the engine as immutable values: events, functions, triggers, attempts and their
 * ends.
 *
 * <p>Every room may use this package; it uses nothing of ours. No Kafka types, no I/O, no clock.
 */
@NullMarked
package io.millrace.engine.model;

import org.jspecify.annotations.NullMarked;
