package io.millrace.engine.operations;

import java.time.Instant;
import java.util.Optional;

/**
 * What one node said last about a trigger.
 *
 * @param phase in capitals; see the schema TriggerStatus
 * @param stale whether the node has been silent for too long to be believed
 */
public record NodeReport(
        String node,
        String phase,
        String reason,
        Instant since,
        String lastProcessingResult,
        Optional<Instant> lastProcessedAt,
        int partitions,
        Instant publishedAt,
        boolean stale) {}
