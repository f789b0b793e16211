/**
 * What a person does to a live trigger: switch it on and off, pause, seek, skip, redrive, and ask
 * how it fares.
 *
 * <p>In: the id of a trigger and what is wanted. Out: changed registry records, committed offsets
 * and redriven events; {@link io.millrace.engine.model.MillraceException}s of one line that say
 * what is left and how to go on. Not here: how an engine node follows, and anything about terminals
 * or HTTP.
 */
@NullMarked
package io.millrace.engine.operations;

import org.jspecify.annotations.NullMarked;
