/**
 * Room 9: the records that leave the engine.
 *
 * <p>In: final outcomes. Out: outbound records with their headers, and their size. Pure; runs on
 * the stream thread.
 */
@NullMarked
package io.millrace.engine.sink;

import org.jspecify.annotations.NullMarked;
