/**
 * Trusted handlers on the functions SDK, each version in a class loader of its own, on the thread
 * that asks. The only package that knows the SDK.
 *
 * <p>In: a function's package and invocations of it. Out: attempt ends; what a handler throws is a
 * value here. What a handler returns is encoded by a {@link
 * io.millrace.engine.execute.inprocess.ResultEncoder}. Must not be here: threads, deadlines,
 * retries, Kafka.
 */
@NullMarked
package io.millrace.engine.execute.inprocess;

import org.jspecify.annotations.NullMarked;
