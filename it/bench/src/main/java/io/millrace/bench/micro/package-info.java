/**
 * Micro benchmarks (JMH) of the small parts on the hot path.
 *
 * <p>In: classes of the engine. Out: nanoseconds per call. Never run by the build.
 */
@NullMarked
package io.millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
