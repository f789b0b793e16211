package io.millrace.engine.offsets;

import io.millrace.engine.model.PartitionId;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Which partitions are paused: what Streams asked and what back-pressure asked, kept apart, so that
 * neither resumes what the other has paused.
 *
 * <p>Threading: StreamThread only.
 */
final class PartitionGate {
    private final Set<PartitionId> byStreams = new HashSet<>();
    private final Set<PartitionId> blocked = new HashSet<>();

    void pausedByStreams(Collection<PartitionId> partitions) {
        byStreams.addAll(partitions);
    }

    void resumedByStreams(Collection<PartitionId> partitions) {
        byStreams.removeAll(partitions);
    }

    void block(PartitionId partition) {
        blocked.add(partition);
    }

    void unblock(PartitionId partition) {
        blocked.remove(partition);
    }

    boolean isClosed(PartitionId partition) {
        return byStreams.contains(partition) || blocked.contains(partition);
    }

    /** Forgets partitions that are no longer assigned. */
    void retain(Set<PartitionId> assigned) {
        byStreams.retainAll(assigned);
        blocked.retainAll(assigned);
    }
}
