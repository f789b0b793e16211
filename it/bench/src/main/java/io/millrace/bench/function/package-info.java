/**
 * What the handlers of all arms do: nothing, or wait.
 *
 * <p>In: the bytes of an event. Out: the same bytes. Packed into a function's jar for the product's
 * arm, so it may use the JDK and the functions' SDK only.
 */
@NullMarked
package io.millrace.bench.function;

import org.jspecify.annotations.NullMarked;
