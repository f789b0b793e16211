package io.millrace.connectors.schedule;

import java.time.Instant;

/**
 * A schedule came due.
 *
 * @param missed earlier due times that it stands for
 */
record Tick(Schedule schedule, Instant dueAt, int missed) {}
