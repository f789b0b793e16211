package io.millrace.bench.judge;

import io.millrace.bench.load.Recipe;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Every result that was found, against what the recipe says there has to be.
 *
 * <p>Results of one key must be taken in the order in which they lie in the topic. Threading: one
 * thread.
 */
public final class Ledger {
    private final BitSet seen = new BitSet();
    private final Map<Integer, Set<Long>> parked = new HashMap<>();
    private final int[] highestOfKey;
    private final long events;
    private long taken;
    private long duplicates;
    private long unknown;
    private long outOfOrder;

    public Ledger(long events, int keys) {
        this.events = events;
        this.highestOfKey = new int[keys];
        java.util.Arrays.fill(highestOfKey, -1);
    }

    /** One result. */
    public void take(long ordinal, int key, int sequence) {
        taken++;
        if (ordinal < 0 || ordinal >= events || key < 0 || key >= highestOfKey.length) {
            unknown++;
            return;
        }
        int bit = Math.toIntExact(ordinal);
        if (seen.get(bit)) {
            duplicates++;
            return;
        }
        seen.set(bit);
        if (sequence < highestOfKey[key]) {
            outOfOrder++;
        } else {
            highestOfKey[key] = sequence;
        }
    }

    /** The arm keeps this event in a store of its own: done with in the source, not yet handled. */
    public void parked(int partition, long offset) {
        parked.computeIfAbsent(partition, _ -> new HashSet<>()).add(offset);
    }

    /**
     * The verdict, when everything has been taken.
     *
     * @param committed per source partition, the offset below which the arm has said that it is
     *     done
     */
    public Verdict verdict(Recipe recipe, long[] committed) {
        long[] lost = new long[1];
        long[] gaps = new long[1];
        recipe.forEach((ordinal, key, sequence, partition, offset) -> {
            if (seen.get(Math.toIntExact(ordinal))) {
                return;
            }
            if (offset < committed[partition] && !isParked(partition, offset)) {
                lost[0]++;
            } else if (sequence < highestOfKey[key]) {
                gaps[0]++;
            }
        });
        return new Verdict(taken, duplicates, outOfOrder, lost[0], gaps[0], unknown, false);
    }

    private boolean isParked(int partition, long offset) {
        return parked.getOrDefault(partition, Set.of()).contains(offset);
    }
}
