package io.millrace.engine.sink;

import java.util.Optional;

/**
 * The cluster a record comes from, as Lambda names it.
 *
 * @param arn of a managed cluster; left out for a self-managed one (EVT-17, DEF-17)
 * @param bootstrapServers separated by commas
 */
public record KafkaSource(Optional<String> arn, String bootstrapServers) {
    String name() {
        return arn.isPresent() ? "aws:kafka" : "SelfManagedKafka";
    }
}
