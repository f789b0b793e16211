package io.millrace.engine.operations;

import io.millrace.engine.model.Trigger;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a trigger fares.
 *
 * @param phase of the node that fares worst; UNKNOWN when none has spoken
 * @param reason in words; empty while all is well
 * @param lastProcessingResult of the invocation that ended last, in Lambda's words (ESM-4)
 * @param nodes what each node said last
 * @param lag offsets between the marks and the ends of the source topic; empty if that cannot be
 *     told
 */
public record TriggerReport(
        Trigger trigger,
        String phase,
        String reason,
        String lastProcessingResult,
        List<NodeReport> nodes,
        OptionalLong lag) {
    private static final List<String> BAD_TO_GOOD =
            List.of("STOPPED", "WAITING", "STARTING", "STOPPING", "PAUSED", "DISABLED", "RUNNING");
    private static final String NONE = "No records processed";

    public TriggerReport {
        nodes = List.copyOf(nodes);
    }

    static TriggerReport of(Trigger trigger, List<NodeReport> nodes, OptionalLong lag) {
        List<NodeReport> present = nodes.stream().filter(node -> !node.stale()).toList();
        String phase =
                present.stream()
                        .map(NodeReport::phase)
                        .min(Comparator.comparingInt(BAD_TO_GOOD::indexOf))
                        .orElse("UNKNOWN");
        String reason =
                present.stream()
                        .filter(node -> node.phase().equals(phase) && !node.reason().isEmpty())
                        .map(node ->
                                present.size() == 1
                                        ? node.reason()
                                        : node.node() + ": " + node.reason())
                        .findFirst()
                        .orElse(present.isEmpty() ? silence(nodes) : "");
        String result =
                nodes.stream()
                        .filter(node -> node.lastProcessedAt().isPresent())
                        .max(Comparator.comparing(node -> node.lastProcessedAt().orElseThrow()))
                        .map(NodeReport::lastProcessingResult)
                        .orElse(NONE);
        return new TriggerReport(trigger, phase, reason, result, nodes, lag);
    }

    private static String silence(List<NodeReport> nodes) {
        return nodes.stream()
                .max(Comparator.comparing(NodeReport::publishedAt))
                .map(last ->
                        "no node runs it: '"
                                + last.node()
                                + "' spoke last, at "
                                + last.publishedAt()
                                + ", and has been silent since")
                .orElse("no node runs it; is an engine running?");
    }
}
