/**
 * An engine node: starts, supervises and stops the applications of all triggers.
 *
 * <p>In: snapshots of the registry. Out: one {@code TriggerApplication} per enabled trigger, and
 * its state in words. Decides nothing about events.
 */
@NullMarked
package io.millrace.engine.app;

import org.jspecify.annotations.NullMarked;
