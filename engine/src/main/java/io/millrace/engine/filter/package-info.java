/**
 * Room 4: decides which events reach the function, and what makes two events the same.
 *
 * <p>In: decoded events and the patterns of a trigger; raw events and a key expression. Out:
 * verdicts, keys. Pure: no I/O, no clock. Patterns run on pool threads only, since they are
 * user-given; key expressions are cheap enough for the stream thread.
 */
@NullMarked
package io.millrace.engine.filter;

import org.jspecify.annotations.NullMarked;
