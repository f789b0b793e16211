/**
 * Room 6: turns what a handler returned into the bytes of a record.
 *
 * <p>Runs on pool threads only.
 */
@NullMarked
package io.millrace.engine.payload;

import org.jspecify.annotations.NullMarked;
