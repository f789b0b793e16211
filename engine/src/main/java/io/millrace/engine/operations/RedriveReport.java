package io.millrace.engine.operations;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a redrive did, or would do.
 *
 * @param redriven letters that were sent to their source topic; in a dry run, that would be
 * @param others letters of the trigger that the filter left out
 * @param refused letters that were redriven too often already
 * @param incomplete letters that lack a part of the event, or whose source topic is gone
 * @param byReason redriven letters by condition and error type
 */
public record RedriveReport(
        long redriven, long others, long refused, long incomplete, Map<String, Long> byReason) {
    public RedriveReport {
        byReason = new TreeMap<>(byReason);
    }
}
