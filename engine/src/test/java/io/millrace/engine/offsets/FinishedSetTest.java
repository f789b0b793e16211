package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.TreeSet;

final class FinishedSetTest {
    @Test
    void shouldRefuseARangeThatReachesTheMark() {
        assertThatThrownBy(() -> FinishedSet.from(5).add(5, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5");
        assertThatThrownBy(() -> FinishedSet.from(5).add(4, 7))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldIgnoreAnEmptyRange() {
        assertThat(FinishedSet.from(5).add(9, 9).add(8, 3).build()).isEqualTo(FinishedSet.empty(5));
    }

    @Test
    void shouldJoinRangesThatTouchOrOverlap() {
        FinishedSet set = FinishedSet.from(0).add(1, 3).add(3, 5).add(4, 6).add(4, 5).build();
        assertThat(set.ranges()).containsExactly(new FinishedSet.Range(1, 6));
    }

    @Test
    void shouldContainEverythingBelowTheMarkAndNotTheMark() {
        FinishedSet set = FinishedSet.empty(7);
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.contains(6)).isTrue();
        assertThat(set.contains(7)).isFalse();
        assertThat(set.highest()).isEqualTo(6);
        assertThat(set.firstUnfinished(3)).isEqualTo(7);
    }

    @Test
    void shouldDifferByMarkAndByRanges() {
        FinishedSet set = FinishedSet.from(0).add(2, 4).build();
        assertThat(set).isEqualTo(FinishedSet.from(0).add(2, 4).build());
        assertThat(set).hasSameHashCodeAs(FinishedSet.from(0).add(2, 4).build());
        assertThat(set).isNotEqualTo(FinishedSet.from(1).add(2, 4).build());
        assertThat(set).isNotEqualTo(FinishedSet.from(0).add(2, 5).build());
        assertThat(set.toString()).contains("mark 0", "2..3");
    }

    @Test
    void shouldAgreeWithAPlainSet() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            long mark = random.nextInt(5);
            var plain = new TreeSet<Long>();
            var builder = FinishedSet.from(mark);
            long at = mark + 1;
            for (int i = random.nextInt(40); i > 0; i--) {
                long from = at + random.nextInt(4);
                long to = from + random.nextInt(4);
                builder.add(from, to);
                for (long offset = from; offset < to; offset++) {
                    plain.add(offset);
                }
                at = Math.max(at, to);
            }
            FinishedSet set = builder.build();
            for (long offset = 0; offset < at + 3; offset++) {
                assertThat(set.contains(offset))
                        .as("seed %s, offset %s of %s", seed, offset, set)
                        .isEqualTo(offset < mark || plain.contains(offset));
                long first = Math.max(offset, mark);
                while (plain.contains(first)) {
                    first++;
                }
                assertThat(set.firstUnfinished(offset)).as("seed %s", seed).isEqualTo(first);
            }
            assertThat(set.highest())
                    .as("seed %s", seed)
                    .isEqualTo(plain.isEmpty() ? mark - 1 : plain.getLast());
        }
    }
}
