/**
 * Makes tables, charts and raw files of results, and says which goals are reached.
 *
 * <p>In: results and goals. Out: text. Nothing is measured here.
 */
@NullMarked
package io.millrace.bench.report;

import org.jspecify.annotations.NullMarked;
