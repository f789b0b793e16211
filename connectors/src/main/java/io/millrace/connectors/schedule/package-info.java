/**
 * The schedule source: rate, cron and at expressions become one event per due time.
 *
 * <p>In: the configuration, a clock, the source offsets that Kafka Connect keeps. Out: source
 * records of {@code ScheduleTick}, each with the source offset that says up to which due time the
 * schedule is done. Everything but {@code stop} runs on the worker's task thread. Not here:
 * threads, producers, anything outside but the clock.
 */
@NullMarked
package io.millrace.connectors.schedule;

import org.jspecify.annotations.NullMarked;
