/**
 * The shortest functions: one on text, one on JSON.
 *
 * <p>In: text or an order. Out: a greeting or a receipt. Must not be here: any library.
 */
@NullMarked
package io.millrace.examples.hello;

import org.jspecify.annotations.NullMarked;
