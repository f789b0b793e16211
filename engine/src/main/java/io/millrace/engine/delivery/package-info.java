/**
 * The plan of delivery without Kafka, clock or threads: what to run, what to retry, what is
 * finished.
 *
 * <p>{@code DeliveryMachine} decides, for one partition in one epoch; {@code LaneRunner} is what a
 * pool thread does in one turn of a lane. Joins the rooms; only {@code topology} knows it.
 */
@NullMarked
package io.millrace.engine.delivery;

import org.jspecify.annotations.NullMarked;
