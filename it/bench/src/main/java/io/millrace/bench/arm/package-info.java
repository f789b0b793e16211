/**
 * The arms: each takes events from a source topic, does the handler's work, and writes results.
 *
 * <p>In: a task. Out: records in a results topic. An arm must not measure itself. Each runs in a
 * JVM of its own.
 */
@NullMarked
package io.millrace.bench.arm;

import org.jspecify.annotations.NullMarked;
