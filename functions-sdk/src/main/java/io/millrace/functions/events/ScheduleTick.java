package io.millrace.functions.events;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A schedule came due.
 *
 * @param schedule name of the schedule
 * @param expression the rate, cron or at expression that came due
 * @param timeZone time zone the expression is read in
 * @param dueAt the time the schedule was due; the same however late it fired
 * @param missed earlier due times that this tick stands for, when missed ones are collapsed to one
 * @param payload the payload made from the schedule's template; null if it has none
 */
public record ScheduleTick(
        String schedule,
        String expression,
        String timeZone,
        Instant dueAt,
        int missed,
        @Nullable String payload) {}
