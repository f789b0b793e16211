package io.millrace.bench.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with the results of a cell, if anything.
 *
 * @param results records found under {@code read_committed}
 * @param duplicates results of an event beyond its first
 * @param outOfOrder results that come after a later one of their key
 * @param lost events that count as done and have no result
 * @param gaps events not yet done although a later one of their key is
 * @param unknown records that no event of the recipe explains
 * @param openTransaction whether a transaction was still open in the end
 */
public record Verdict(
        long results,
        long duplicates,
        long outOfOrder,
        long lost,
        long gaps,
        long unknown,
        boolean openTransaction) {

    /** What an arm promises; what it does not promise does not make its cell void. */
    public enum Promise {
        /** Every event once, in order per key. */
        FULL(true, true),
        /** Every event at least once, in order per key. */
        AT_LEAST_ONCE(false, true),
        /** Every event at least once. */
        UNORDERED(false, false);

        private final boolean exactlyOnce;
        private final boolean ordered;

        Promise(boolean exactlyOnce, boolean ordered) {
            this.exactlyOnce = exactlyOnce;
            this.ordered = ordered;
        }

        boolean isOrdered() {
            return ordered;
        }
    }

    /** The same, with an open transaction found. */
    public Verdict withOpenTransaction(boolean open) {
        return new Verdict(results, duplicates, outOfOrder, lost, gaps, unknown, open);
    }

    /** What breaks the promise, in words; empty when the cell counts. */
    public List<String> violations(Promise promise) {
        List<String> found = new ArrayList<>();
        add(found, lost, "lost");
        add(found, unknown, "unknown");
        if (results == 0) {
            found.add("no result");
        }
        if (promise.exactlyOnce) {
            add(found, duplicates, "duplicate");
        }
        if (promise.ordered) {
            add(found, outOfOrder, "out of order");
            add(found, gaps, "skipped within a key");
        }
        if (openTransaction) {
            found.add("a transaction is still open");
        }
        return found;
    }

    private static void add(List<String> found, long count, String what) {
        if (count > 0) {
            found.add(count + " " + what);
        }
    }
}
