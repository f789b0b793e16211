package io.millrace.engine.app;

import io.millrace.engine.app.TopicWatch.Finding;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a running trigger knows of its topics, compared with what is found. One thread. */
final class TopicChanges {
    private final Map<String, TopicFacts> known = new HashMap<>();
    private final Set<String> missed = new HashSet<>();
    private String notice = "";

    /** What a comparison has shown. */
    sealed interface Verdict {
        /** Nothing has changed. */
        record Fine() implements Verdict {}

        /** Nobody can tell at the moment. */
        record Unknown(String reason) implements Verdict {}

        /** The trigger cannot go on. */
        record Broken(String reason) implements Verdict {}

        /** The source topic has more partitions; the trigger has to start again. */
        record Grown(String reason) implements Verdict {}
    }

    void began(Prepared prepared) {
        known.clear();
        known.putAll(prepared.topics());
        missed.clear();
        notice = "";
    }

    Map<String, TopicFacts> known() {
        return Map.copyOf(known);
    }

    /** Whether this differs from what was said last. */
    boolean changesNotice(String now) {
        boolean changes = !notice.equals(now);
        notice = now;
        return changes;
    }

    /**
     * What these findings mean.
     *
     * @param ran whether the trigger came to run since it was started: then everything it makes
     *     itself has been there
     */
    Verdict compare(Map<String, Finding> found, boolean ran) {
        Verdict worst = new Verdict.Fine();
        for (Map.Entry<String, TopicFacts> entry : known().entrySet()) {
            Finding finding = found.get(entry.getKey());
            if (finding == null) {
                continue;
            }
            Verdict verdict = compare(entry.getKey(), entry.getValue(), finding, ran);
            if (rank(verdict) > rank(worst)) {
                worst = verdict;
            }
        }
        return worst;
    }

    private Verdict compare(String topic, TopicFacts before, Finding finding, boolean ran) {
        return switch (finding) {
            case Finding.Unknown(String reason) -> new Verdict.Unknown(reason);
            case Finding.Missing _ -> missing(topic, before, ran);
            case Finding.Present(TopicFacts now) -> {
                missed.remove(topic);
                yield compare(topic, before, now);
            }
        };
    }

    private Verdict missing(String topic, TopicFacts before, boolean ran) {
        // Once is not enough: a broker that has just started may not know its topics yet.
        return (before.isExpected() && !ran) || missed.add(topic)
                ? new Verdict.Fine()
                : new Verdict.Broken(TopicWatch.missing(topic, before.role()).text());
    }

    private Verdict compare(String topic, TopicFacts before, TopicFacts now) {
        if (before.isExpected()) {
            known.put(topic, new TopicFacts(before.role(), now.id(), now.partitions()));
            return new Verdict.Fine();
        }
        if (!before.id().equals(now.id())) {
            return new Verdict.Broken(before.role() + " '" + topic + "' was made anew");
        }
        if (before.role().equals(TriggerStart.SOURCE_ROLE)
                && now.partitions() > before.partitions()) {
            return new Verdict.Grown(
                    "source topic '"
                            + topic
                            + "' has "
                            + now.partitions()
                            + " partitions, up from "
                            + before.partitions());
        }
        return new Verdict.Fine();
    }

    private static int rank(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Fine _ -> 0;
            case Verdict.Unknown _ -> 1;
            case Verdict.Grown _ -> 2;
            case Verdict.Broken _ -> 3;
        };
    }
}
