/**
 * Runs a function in a test exactly as the engine would: the same decoding, class loader,
 * deadlines, retries, dead letters and metering, without a cluster and without waiting for
 * back-offs.
 *
 * <p>Start at {@link io.millrace.functions.testing.FunctionExtension}.
 */
@NullMarked
package io.millrace.functions.testing;

import org.jspecify.annotations.NullMarked;
