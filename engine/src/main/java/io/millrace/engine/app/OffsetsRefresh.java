package io.millrace.engine.app;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Commits the offsets of a group without members again, so that the brokers do not forget them:
 * they keep them for {@code offsets.retention.minutes} after the last commit.
 *
 * <p>A group that has members meanwhile refuses it, so a trigger that runs elsewhere is not
 * disturbed. Threading: one thread asks; nothing waits for the answer.
 */
final class OffsetsRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsRefresh.class);

    private static final Duration FIRST = Duration.ofMinutes(1);

    private final Admin admin;

    OffsetsRefresh(Admin admin) {
        this.admin = admin;
    }

    /** When to begin, given the interval. */
    static Duration first(Duration interval) {
        return interval.compareTo(FIRST) < 0 ? interval : FIRST;
    }

    void refresh(String group) {
        var _ =
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .whenComplete((found, error) -> {
                            if (error != null) {
                                tell(group, error);
                            } else {
                                commit(group, found);
                            }
                        });
    }

    /** The finished sets are part of the metadata and stay as they are. */
    private void commit(String group, Map<TopicPartition, OffsetAndMetadata> found) {
        var known = new HashMap<>(found);
        known.values().removeIf(offset -> offset == null);
        if (known.isEmpty()) {
            return;
        }
        var _ =
                admin.alterConsumerGroupOffsets(group, known)
                        .all()
                        .whenComplete((_, error) -> {
                            if (error != null) {
                                tell(group, error);
                            }
                        });
    }

    private static void tell(String group, Throwable error) {
        if (error instanceof UnknownMemberIdException) {
            LOG.debug("Group {} has members again", group);
        } else {
            LOG.warn(
                    "The offsets of group {} could not be refreshed; Kafka forgets them when that"
                            + " goes on: {}",
                    group,
                    FailureWords.of(error));
        }
    }
}
