/**
 * The command that runs the benchmarks and writes their results.
 *
 * <p>In: options. Out: a table, a chart and raw results; the exit code says whether all goals are
 * reached.
 */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
