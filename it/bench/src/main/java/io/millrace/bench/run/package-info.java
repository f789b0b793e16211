/**
 * Runs cells: starts an arm, feeds it, watches it, has its output judged.
 *
 * <p>In: workloads and contenders. Out: the result of each cell, with figures and verdict.
 */
@NullMarked
package io.millrace.bench.run;

import org.jspecify.annotations.NullMarked;
