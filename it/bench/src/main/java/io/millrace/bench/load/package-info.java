/**
 * The events that all arms get: the same ones in the same order, from a seed.
 *
 * <p>In: a recipe. Out: records in source topics, beforehand or on a schedule. Knows no arm.
 */
@NullMarked
package io.millrace.bench.load;

import org.jspecify.annotations.NullMarked;
