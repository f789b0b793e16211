/**
 * Room 3: finds out what the bytes of an event are.
 *
 * <p>In: raw events. Out: decoded events, or a failure as a value. Runs on pool threads only: the
 * schema registry may have to be asked.
 */
@NullMarked
package io.millrace.engine.decode;

import org.jspecify.annotations.NullMarked;
