/**
 * Judges what an arm has written: counts, doubles, order, losses and pace.
 *
 * <p>In: the committed records of a results topic. Out: a verdict and figures. Knows no arm and
 * decides about no goal.
 */
@NullMarked
package io.millrace.bench.judge;

import org.jspecify.annotations.NullMarked;
