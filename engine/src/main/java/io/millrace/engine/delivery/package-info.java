/**
 * The plan of delivery without Kafka, clock or threads: what to run, what to retry, what is
 * finished.
 *
 * <p>Joins the rooms; only {@code topology} knows it.
 */
@NullMarked
package io.millrace.engine.delivery;

import org.jspecify.annotations.NullMarked;
