/**
 * Trusted handlers on the functions SDK, each version in a class loader of its own, on virtual
 * threads. The only package that knows the SDK.
 */
@NullMarked
package io.millrace.engine.execute.inprocess;

import org.jspecify.annotations.NullMarked;
