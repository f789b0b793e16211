/**
 * Events that wait for a later attempt, in a changelogged store.
 *
 * <p>Knows no room.
 */
@NullMarked
package io.millrace.engine.parking;

import org.jspecify.annotations.NullMarked;
