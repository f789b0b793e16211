package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges how events were gathered, split and given again. Pure. */
final class BatchChecks {
    /** A batch of 100 with one that fails: halves on the way down, and the batch itself. */
    private static final int MOST_CALLS = 15;

    private BatchChecks() {}

    /** STR-4: the one that is too old is a dead letter, the others went on together. */
    static List<Check> aged(Seen seen, String trigger) {
        List<Check> checks = new ArrayList<>();
        checks.add(
                Check.equal(
                        "an event that is too old is a dead letter, the others are delivered",
                        "1 RecordAgeExceeded, 5 results, 1 call",
                        seen.letters().stream()
                                        .filter(line ->
                                                line.header(EventHeaders.CONDITION)
                                                        .equals("RecordAgeExceeded"))
                                        .count()
                                + " RecordAgeExceeded, "
                                + seen.results().size()
                                + " results, "
                                + seen.calls().size()
                                + " call"));
        checks.add(FailureChecks.failureRecords(seen, trigger, "Unhandled").during("too old"));
        boolean counted =
                seen.failures().size() == 1
                        && seen.failures()
                                .getFirst()
                                .text()
                                .contains("\"approximateInvokeCount\":1}");
        checks.add(
                Check.equal(
                        "an event that expired before its first attempt counts 1", true, counted));
        return checks;
    }

    /** DEF-7: one poisoned event in 100. */
    static List<Check> halved(Seen seen) {
        int calls = seen.attempts().size();
        return List.of(
                Check.equal(
                        "bisect: all but the poisoned event succeed",
                        "99 results, 1 dead letter",
                        seen.results().size()
                                + " results, "
                                + seen.letters().size()
                                + " dead letter"),
                new Check(
                        "bisect: the poisoned event is found in few invocations",
                        "at most " + MOST_CALLS,
                        Integer.toString(calls),
                        calls > 0 && calls <= MOST_CALLS),
                new Check(
                        "bisect: parts are handled in order",
                        "results in the order of offsets",
                        inOrder(seen.results()) ? "in order" : "not in order",
                        inOrder(seen.results()) && !seen.results().isEmpty()),
                FailureChecks.oneEndEach(seen).during("bisect"));
    }

    private static boolean inOrder(List<Line> results) {
        long last = -1;
        for (Line line : results) {
            String origin = line.origin();
            long offset = Long.parseLong(origin.substring(origin.indexOf('@') + 1));
            if (offset <= last) {
                return false;
            }
            last = offset;
        }
        return true;
    }

    /**
     * How often each event was given to a handler that answers with batch item failures.
     *
     * @param count the attempts that the dead letter's failure record counts; 0 for no dead letter
     */
    static List<Check> partial(String form, Seen seen, List<Integer> wanted, int count) {
        Map<String, Integer> deliveries = seen.deliveries();
        List<Integer> found =
                seen.events().stream()
                        .map(event -> deliveries.getOrDefault(event.place(), 0))
                        .toList();
        List<Check> checks = new ArrayList<>();
        checks.add(Check.equal(form + " answers: deliveries of each event", wanted, found));
        checks.add(
                Check.equal(
                        form + " answers: dead letters",
                        count == 0 ? 0 : 1,
                        seen.letters().size()));
        if (!seen.failures().isEmpty()) {
            checks.add(
                    Check.equal(
                            form + " answers: the failure record counts anew from the checkpoint",
                            true,
                            seen.failures()
                                    .getFirst()
                                    .text()
                                    .contains("\"approximateInvokeCount\":" + count + "}")));
        }
        return checks;
    }

    /** Sizes of the batches in the order of their calls, and how long the last one gathered. */
    static List<Check> windows(
            Seen seen, List<Integer> wanted, long sentNanos, Duration window, Duration slack) {
        List<Integer> sizes = seen.calls().stream().map(call -> call.offsets().size()).toList();
        long gathered =
                seen.calls().isEmpty()
                        ? 0
                        : (seen.calls().getLast().startNanos() - sentNanos) / 1_000_000;
        return List.of(
                Check.equal("batches are cut by count, then by the window", wanted, sizes),
                new Check(
                        "a batch that is not full waits for the window",
                        window.toMillis() + " to " + window.plus(slack).toMillis() + " ms",
                        gathered + " ms",
                        gathered >= window.toMillis() - 100
                                && gathered <= window.plus(slack).toMillis()));
    }

    /** No batch has events of two keys, where every key has its lane. */
    static Check lanesApart(Seen seen) {
        Map<String, String> keys = new HashMap<>();
        seen.events().forEach(event -> keys.put(event.place(), event.key().orElse("")));
        List<String> wrong = new ArrayList<>();
        boolean gathered = false;
        for (Call call : seen.calls()) {
            Set<String> inside = new HashSet<>();
            call.offsets().forEach(offset -> inside.add(keys.get(call.partition() + "@" + offset)));
            gathered |= call.offsets().size() > 1;
            if (inside.size() > 1) {
                wrong.add("one call had keys " + inside);
            }
        }
        if (!gathered) {
            wrong.add("no batch of more than one event");
        }
        return Check.none("a batch never mixes lanes", "one key each", wrong);
    }

    /** ESM-2: no batch is larger than Lambda allows, and none is cut without need. */
    static List<Check> bytes(Seen seen, long limit, List<Integer> wanted) {
        long largest = seen.calls().stream().mapToLong(Call::bytes).max().orElse(0);
        return List.of(
                new Check(
                        "no batch is larger than 6 MB",
                        "at most " + limit,
                        Long.toString(largest),
                        largest > 0 && largest <= limit),
                Check.equal(
                        "batches are cut by bytes no sooner than needed",
                        wanted,
                        seen.calls().stream().map(call -> call.offsets().size()).toList()));
    }

    /** Nothing waits for the event that takes long. */
    static Check noneWaits(Seen seen, String slow) {
        List<Call> slowOnes = called(seen, slow);
        long end = slowOnes.stream().mapToLong(Call::endNanos).min().orElse(0);
        long later =
                seen.calls().stream()
                        .filter(call -> !slowOnes.contains(call))
                        .filter(call -> call.endNanos() > end)
                        .count();
        return new Check(
                "unordered: nothing waits behind a slow event",
                "0 ended later",
                slowOnes.size() == 1 ? later + " ended later" : "ran " + slowOnes.size() + " times",
                slowOnes.size() == 1 && later == 0);
    }

    private static List<Call> called(Seen seen, String verb) {
        return seen.calls().stream()
                .filter(call -> call.values().getFirst().startsWith(verb))
                .toList();
    }

    /** Only what failed was given again, and not too often. */
    static Check onlyFailedAgain(Seen seen, int maxAttempts) {
        Map<String, Integer> deliveries = seen.deliveries();
        List<String> wrong = new ArrayList<>();
        for (Line event : seen.events()) {
            int wanted = Fate.of(event.text(), maxAttempts).attempts();
            int found = deliveries.getOrDefault(event.place(), 0);
            if (found != wanted) {
                wrong.add(event.text() + " ran " + found + " times, not " + wanted);
            }
        }
        return Check.none("unordered: only failed events come again", "as often as due", wrong);
    }

    /** Results of each key, or of each partition, in the order of their events. */
    static Check orderKept(String of, Seen seen, boolean byKey) {
        Map<String, List<Line>> groups =
                seen.results().stream()
                        .collect(
                                Collectors.groupingBy(
                                        line -> byKey ? "key " + line.key() : partition(line)));
        List<String> wrong = new ArrayList<>();
        groups.forEach((group, lines) -> {
            if (!inOrder(lines)) {
                wrong.add(group);
            }
        });
        if (seen.results().size() != seen.events().size()) {
            wrong.add(seen.results().size() + " results of " + seen.events().size());
        }
        return Check.none("order per " + of + " is kept", "all in order", wrong);
    }

    private static String partition(Line line) {
        return line.origin().substring(0, line.origin().indexOf('@'));
    }

    /** The most calls that ran at the same time. */
    static int overlap(List<Call> calls) {
        List<long[]> steps = new ArrayList<>();
        for (Call call : calls) {
            steps.add(new long[] {call.startNanos(), 1});
            steps.add(new long[] {call.endNanos(), -1});
        }
        steps.sort((a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]));
        int now = 0;
        int most = 0;
        for (long[] step : steps) {
            now += (int) step[1];
            most = Math.max(most, now);
        }
        return most;
    }

    /** So many calls at least, and so many at most, ran at the same time. */
    static Check sideBySide(String name, Seen seen, int least, int most) {
        int found = overlap(seen.calls());
        return new Check(
                name,
                least + " to " + most + " at the same time",
                Integer.toString(found),
                found >= least && found <= most);
    }
}
