/**
 * Metrics of a node: their names and documentation, and how they are read.
 *
 * <p>In come suppliers of numbers, which are asked when somebody looks; out go MBeans below {@code
 * millrace.engine} and, where a port is given, Prometheus text. Nothing here counts, and nothing
 * here knows what is counted.
 */
@NullMarked
package io.millrace.engine.metrics;

import org.jspecify.annotations.NullMarked;
