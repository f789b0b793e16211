package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(2);

    @Test
    void shouldHaveAGapAsLongAsTheTimeWithoutAnything() {
        assertThat(arrivals.longestGap(100, 900)).isEqualTo(800);
        assertThat(arrivals.firstWrittenAfter(0)).isNegative();
    }

    @Test
    void shouldNotTakeAResultFromBeforeAKillForOneAfterIt() {
        arrivals.add(10, 0, 1_000, 5);
        // Read after the kill, written before it.
        arrivals.add(20, 0, 1_999, 1);
        arrivals.add(30, 1, 2_001, 1);

        assertThat(arrivals.firstWrittenAfter(2_000)).isEqualTo(30);
        assertThat(arrivals.count()).isEqualTo(7);
    }

    @Test
    void shouldFindThePartitionThatStandsStill() {
        for (int now = 0; now <= 1_000; now += 10) {
            arrivals.add(now, 0, now, 1);
            if (now < 200 || now > 700) {
                arrivals.add(now, 1, now, 1);
            }
        }

        assertThat(arrivals.longestGap(0, 1_000)).isEqualTo(10);
        assertThat(arrivals.longestGapOfAPartition(0, 1_000)).isEqualTo(710 - 190);
    }

    @Test
    void shouldCountTheTimeAfterTheLastResult() {
        arrivals.add(100, 0, 0, 1);

        assertThat(arrivals.longestGap(50, 400)).isEqualTo(300);
    }
}
