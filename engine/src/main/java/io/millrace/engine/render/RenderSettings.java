package io.millrace.engine.render;

import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.TriggerId;

/**
 * What a document says of the place its events come from.
 *
 * @param sourceTopic topic the trigger reads
 * @param appendTimes whether the broker sets the timestamps of that topic
 * @param bootstrapServers brokers, as the node was told them
 */
public record RenderSettings(
        TriggerId trigger,
        FunctionName function,
        String sourceTopic,
        boolean appendTimes,
        String bootstrapServers,
        AwsAccount account) {}
