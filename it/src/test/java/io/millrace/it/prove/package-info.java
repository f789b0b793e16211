/**
 * Proofs that people start by {@code it/prove}: each runs Millrace as a user does, looks at it from
 * outside, and ends with checks and figures. In: options. Out: a table, JSON, an exit code. A
 * checker must have a test that shows what it catches.
 */
@NullMarked
package io.millrace.it.prove;

import org.jspecify.annotations.NullMarked;
