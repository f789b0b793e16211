package io.millrace.engine.offsets;

import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Runs random commands against the tracker and against sets that hold every offset one by one:
 * events arrive with gaps, finish in any order, are committed, and the owner dies between any two
 * commands and starts again from the last committed text.
 */
final class OffsetTrackerModelTest {
    private static final int COMMAND_LISTS = 25_000;

    @Test
    void shouldAgreeWithAPlainSetWhateverHappens() {
        for (long seed = 0; seed < COMMAND_LISTS; seed++) {
            try {
                new Run(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final SplittableRandom random;

        /** The offsets that exist, ascending; what lies between them does not exist. */
        private final List<Long> log = new ArrayList<>();

        private final TreeSet<Long> durable = new TreeSet<>();
        private final TreeSet<Long> finished = new TreeSet<>();
        private final TreeSet<Long> unfinished = new TreeSet<>();
        private long offset;
        private String text;
        private PartitionEpoch epoch;
        private int read;
        private long lastMark;

        private Run(long seed) {
            random = new SplittableRandom(seed);
            long at = random.nextInt(4) == 0 ? 65_536 - random.nextInt(60) : random.nextInt(100);
            offset = at;
            text = "streams";
            int size = 1 + random.nextInt(60);
            for (int i = 0; i < size; i++) {
                at += gap();
                log.add(at++);
            }
            epoch = new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(offset));
            restart();
        }

        private long gap() {
            return switch (random.nextInt(12)) {
                case 0, 1 -> 1;
                case 2 -> random.nextInt(100);
                case 3 -> random.nextInt(20) == 0 ? random.nextInt(200_000) : 2;
                default -> 0;
            };
        }

        private void play() {
            int commands = 20 + random.nextInt(120);
            for (int i = 0; i < commands; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> read();
                    case 4, 5, 6, 7, 8 -> finish();
                    case 9, 10 -> commit();
                    default -> {
                        if (random.nextInt(4) == 0) {
                            restart();
                        }
                    }
                }
                check(epoch.tracker().unfinished() == unfinished.size(), "unfinished");
                long mark = unfinished.isEmpty() ? -1 : unfinished.getFirst();
                check(epoch.tracker().mark() == mark, "mark");
            }
        }

        private void read() {
            if (read == log.size()) {
                return;
            }
            long next = log.get(read++);
            boolean known = durable.contains(next);
            check(epoch.tracker().isSettled(next) == known, "settled");
            if (!known) {
                epoch.tracker().admit(next);
                unfinished.add(next);
            }
        }

        private void finish() {
            if (unfinished.isEmpty()) {
                return;
            }
            var all = new ArrayList<>(unfinished);
            // The oldest one stays behind often: that is what makes sets large.
            int from = all.size() > 1 && random.nextBoolean() ? 1 : 0;
            long chosen = all.get(from + random.nextInt(all.size() - from));
            epoch.tracker().finish(chosen);
            unfinished.remove(chosen);
            finished.add(chosen);
        }

        private void commit() {
            FinishedSet set = epoch.toCommit(presented());
            epoch.committed(set);
            durable.addAll(finished);
            finished.clear();
            check(set.mark() >= lastMark, "the mark moved back");
            check(!set.contains(set.mark()), "the mark is finished");
            lastMark = set.mark();
            offset = set.mark();
            text = OffsetCodec.encode("streams", set);
        }

        /** What Streams would commit: somewhere behind the last record, before the next one. */
        private long presented() {
            long low = read == 0 ? offset : log.get(read - 1) + 1;
            long high = read == log.size() ? low + random.nextInt(5) : log.get(read);
            return switch (random.nextInt(3)) {
                case 0 -> Math.max(low, high);
                case 1 -> low;
                // A partition that Streams leaves out: the tracker is asked for what it knows.
                default -> epoch.tracker().highest() + 1;
            };
        }

        private void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError(
                        what + " at " + epoch.toCommit(offset) + ", durable " + durable);
            }
        }

        private void restart() {
            FinishedSet recovered = OffsetCodec.decode(Samples.PARTITION, offset, text);
            for (long existing : log) {
                check(recovered.contains(existing) == durable.contains(existing), "recovered");
            }
            epoch = new PartitionEpoch(Samples.PARTITION, recovered);
            lastMark = offset;
            unfinished.clear();
            finished.clear();
            read = 0;
            while (read < log.size() && log.get(read) < offset) {
                read++;
            }
        }
    }
}
