package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

final class DispatchLimitTest {
    private static final String STREAMS = "AgAAAZyhP3Bs";
    private static final int MAX_CHARACTERS = 3_900;

    @Test
    void shouldStartWhereTheRecoveredSetEnds() {
        assertThat(new DispatchLimit(FinishedSet.empty(10)).get())
                .isEqualTo(10 + DispatchLimit.MAX_BITMAP_SPAN);
        FinishedSet far = FinishedSet.from(10).add(11, 50_000_000).build();
        assertThat(new DispatchLimit(far).get()).isEqualTo(49_999_999);
    }

    @Test
    void shouldNeverBeLowered() {
        FinishedSet far = FinishedSet.from(10).add(11, 50_000_000).build();
        var limit = new DispatchLimit(far);
        var tracker = new OffsetTracker(far);
        tracker.admit(10);
        assertThat(limit.raise(tracker)).isFalse();
        assertThat(limit.get()).isEqualTo(49_999_999);
    }

    @Test
    void shouldRiseWithTheMark() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        var limit = new DispatchLimit(FinishedSet.empty(0));
        tracker.admit(0);
        tracker.admit(1);
        assertThat(limit.raise(tracker)).isFalse();
        tracker.finish(0);
        assertThat(limit.raise(tracker)).isTrue();
        assertThat(limit.get()).isEqualTo(1 + DispatchLimit.MAX_BITMAP_SPAN);
    }

    @Test
    void shouldLetAMillionEventsPassOneStragglerForAFewCharacters() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        var limit = new DispatchLimit(FinishedSet.empty(0));
        tracker.admit(0);
        for (int offset = 1; offset <= 1_000_000; offset++) {
            tracker.admit(offset);
            limit.raise(tracker);
            assertThat(offset).isLessThanOrEqualTo((int) limit.get());
            tracker.finish(offset);
        }
        String text = OffsetCodec.encode(STREAMS, tracker.toCommit(1_000_001));
        assertThat(text.length() - STREAMS.length()).isLessThanOrEqualTo(3 + 12);
    }

    @Test
    void shouldHoldEventsBackBehindManyStragglers() {
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        var limit = new DispatchLimit(FinishedSet.empty(0));
        for (int offset = 0; offset < 40_000; offset++) {
            tracker.admit(offset);
            limit.raise(tracker);
        }
        assertThat(limit.get()).isEqualTo(DispatchLimit.MAX_BITMAP_SPAN);
    }

    @Test
    void shouldKeepTheMetadataWithinItsSizeWhateverTheOrder() {
        int longest = 0;
        for (long seed = 0; seed < 60; seed++) {
            longest = Math.max(longest, new Run(seed, true).play());
        }
        // It comes close, or the runs above would prove little.
        assertThat(longest).isBetween(3_000, MAX_CHARACTERS);
    }

    /** The negative control of the test above. */
    @Test
    void shouldSeeTheMetadataOutgrowItsSizeWithoutALimit() {
        int longest = 0;
        for (long seed = 0; seed < 10; seed++) {
            longest = Math.max(longest, new Run(seed, false).play());
        }
        assertThat(longest).isGreaterThan(OffsetCodec.MAX_METADATA);
    }

    /** Random arrivals, gaps, orders and restarts; gives the longest metadata that was reached. */
    private static final class Run {
        private final SplittableRandom random;
        private final long seed;
        private final boolean limited;
        private final int gaps;
        private final int order;
        private final int patience;
        private final List<Long> started = new ArrayList<>();
        private final List<Long> held = new ArrayList<>();
        private PartitionEpoch epoch = new PartitionEpoch(Samples.PARTITION, FinishedSet.empty(0));
        private long next;
        private int longest;

        private Run(long seed, boolean limited) {
            this.seed = seed;
            this.limited = limited;
            random = new SplittableRandom(seed);
            gaps = random.nextInt(4);
            order = random.nextInt(4);
            // Back-pressure lets some 10,000 unfinished events in; a large buffer lets in more.
            patience = random.nextInt(3) == 0 ? 60_000 : 12_000;
        }

        private int play() {
            int rounds = 8 + random.nextInt(20);
            for (int round = 0; round < rounds; round++) {
                arrive(random.nextInt(12_000));
                finish(random.nextInt(12_000));
                check();
                if (random.nextInt(10) == 0) {
                    restart();
                }
            }
            return longest;
        }

        private void arrive(int events) {
            for (int i = 0; i < events && epoch.tracker().unfinished() < patience; i++) {
                next +=
                        switch (gaps) {
                            case 0 -> 1;
                            case 1 -> 2;
                            case 2 -> 1 + random.nextInt(4);
                            default -> random.nextInt(200) == 0 ? random.nextInt(100_000) : 1;
                        };
                if (!epoch.tracker().isSettled(next)) {
                    epoch.tracker().admit(next);
                    held.add(next);
                }
            }
            epoch.limit().raise(epoch.tracker());
            release();
        }

        private void release() {
            long limit = limited ? epoch.limit().get() : Long.MAX_VALUE;
            int count = 0;
            while (count < held.size() && held.get(count) <= limit) {
                started.add(held.get(count++));
            }
            held.subList(0, count).clear();
        }

        private void finish(int events) {
            for (int i = 0; i < events && !started.isEmpty(); i++) {
                int chosen =
                        switch (order) {
                            // Every second one, from the end: the worst for both modes.
                            case 0 -> Math.max(0, started.size() - 2 - i);
                            case 1 -> random.nextInt(started.size());
                            case 2 -> started.size() - 1;
                            default ->
                                    started.size() > 600
                                            ? 600 + random.nextInt(started.size() - 600)
                                            : 0;
                        };
                epoch.tracker().finish(started.remove(chosen));
                if (epoch.limit().raise(epoch.tracker())) {
                    release();
                }
            }
        }

        private void check() {
            String text = OffsetCodec.encode(STREAMS, epoch.toCommit(next + 1));
            longest = Math.max(longest, text.length());
            if (limited) {
                assertThat(text.length())
                        .as("seed %s, gaps %s, order %s", seed, gaps, order)
                        .isLessThanOrEqualTo(MAX_CHARACTERS);
            }
        }

        private void restart() {
            FinishedSet set = epoch.toCommit(next + 1);
            String text = OffsetCodec.encode(STREAMS, set);
            epoch =
                    new PartitionEpoch(
                            Samples.PARTITION,
                            OffsetCodec.decode(Samples.PARTITION, set.mark(), text));
            // With irregular gaps other offsets come than before, as after a compaction.
            next = set.mark() - (gaps == 1 ? 2 : 1);
            started.clear();
            held.clear();
        }
    }
}
