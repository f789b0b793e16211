package io.millrace.engine.render;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;

import java.util.List;
import java.util.Optional;

/**
 * What came of rendering the events of one invocation.
 *
 * @param json the document of the events without a fault; of no events where all have one
 * @param faults one per event: why it is not in the document
 * @param identifiers of the events in the document, in their order: what an item of {@code
 *     batchItemFailures} calls them. Sequence numbers are without leading zeros, events of Kafka
 *     are topic-partition-offset. Two events may have the same one
 */
public record Rendering(Payload json, List<Optional<Failure>> faults, List<String> identifiers) {
    public Rendering {
        faults = List.copyOf(faults);
        identifiers = List.copyOf(identifiers);
    }
}
