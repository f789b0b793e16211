package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class CpuTrackTest {
    @Test
    void shouldGiveNothingWithoutSamples() {
        assertThat(new CpuTrack().between(0, 100)).isZero();
    }

    @Test
    void shouldDrawStraightLinesBetweenSamples() {
        CpuTrack track = new CpuTrack();
        track.sample(0, Duration.ZERO);
        track.sample(100, Duration.ofMillis(50));
        track.sample(200, Duration.ofMillis(150));

        assertThat(track.between(50, 150)).isEqualTo(75_000);
    }

    @Test
    void shouldNotGuessBeyondTheSamples() {
        CpuTrack track = new CpuTrack();
        track.sample(100, Duration.ofMillis(50));
        track.sample(200, Duration.ofMillis(60));

        assertThat(track.between(0, 900)).isEqualTo(10_000);
    }
}
