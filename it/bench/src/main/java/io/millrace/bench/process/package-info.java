/**
 * The processes of a run: the broker and the arms, each a JVM of its own that ends with this one.
 *
 * <p>In: class names and lines. Out: lines, and the processor time a process has used.
 */
@NullMarked
package io.millrace.bench.process;

import org.jspecify.annotations.NullMarked;
