package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long ORIGIN = 1_000_000;

    @Test
    void shouldGiveNoPaceWhenNothingWasWritten() {
        Pace.Window window = new Pace(ORIGIN).window(ORIGIN + 100);

        assertThat(window.events()).isZero();
        assertThat(window.perSecond()).isZero();
    }

    @Test
    void shouldLeaveOutTheWarmUp() {
        Pace pace = new Pace(ORIGIN);
        for (int second = 0; second < 10; second++) {
            pace.add(ORIGIN + second * 1000L);
        }
        for (int i = 0; i < 90; i++) {
            pace.add(ORIGIN + 10_000 + i * 10L);
        }

        Pace.Window window = pace.window(ORIGIN + 60_000);

        assertThat(window.from()).isEqualTo(ORIGIN + 9_000);
        assertThat(window.events()).isEqualTo(90);
        assertThat(window.stallMillis()).isEqualTo(1_000);
    }

    @Test
    void shouldLeaveOutWhatCameAfterTheEnd() {
        Pace pace = new Pace(ORIGIN);
        for (int i = 0; i <= 1_000; i++) {
            pace.add(ORIGIN + i);
        }
        for (int i = 0; i < 5_000; i++) {
            pace.add(ORIGIN + 2_000);
        }

        Pace.Window window = pace.window(ORIGIN + 1_500);

        assertThat(window.to()).isEqualTo(ORIGIN + 1_000);
        assertThat(window.perSecond()).isEqualTo(1_000.0);
    }

    @Test
    void shouldFindTheLongestStall() {
        Pace pace = new Pace(ORIGIN);
        for (int i = 0; i < 100; i++) {
            pace.add(ORIGIN + i + (i >= 50 ? 700 : 0));
        }

        assertThat(pace.window(ORIGIN + 5_000).stallMillis()).isEqualTo(701);
    }

    @Test
    void shouldGrowWithALongCell() {
        Pace pace = new Pace(ORIGIN);
        pace.add(ORIGIN);
        pace.add(ORIGIN + 1_000_000);

        assertThat(pace.window(ORIGIN + 2_000_000).to()).isEqualTo(ORIGIN + 1_000_000);
    }
}
