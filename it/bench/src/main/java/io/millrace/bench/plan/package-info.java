/**
 * What is run and what has to come out: workloads, their arms and the goals.
 *
 * <p>In: how long it may take. Out: data only; nothing is started here.
 */
@NullMarked
package io.millrace.bench.plan;

import org.jspecify.annotations.NullMarked;
