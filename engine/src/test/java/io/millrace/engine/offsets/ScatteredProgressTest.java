package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.PartitionId;

import org.junit.jupiter.api.Test;

import java.util.Random;

final class ScatteredProgressTest {
    private static final PartitionId PARTITION = new PartitionId("letters", 0);

    @Test
    void shouldBeginWithNothingDone() {
        var progress = ScatteredProgress.from(7);

        assertThat(progress.mark()).isEqualTo(7);
        assertThat(progress.contains(6)).isTrue();
        assertThat(progress.contains(7)).isFalse();
        assertThat(progress.metadata()).contains("");
    }

    @Test
    void shouldIgnoreWhatLiesBelowItsMark() {
        var progress = ScatteredProgress.from(7);

        progress.add(0, 5);
        progress.add(5, 9);

        assertThat(progress.mark()).isEqualTo(9);
    }

    @Test
    void shouldSayThatItDoesNotFitWhenTooMuchIsScattered() {
        var progress = ScatteredProgress.from(0);
        for (long offset = 1; offset < 100_000; offset += 50) {
            progress.add(offset);
        }

        assertThat(progress.metadata()).isEmpty();
    }

    @Test
    void shouldReadBackWhatItWrote() {
        var random = new Random(42);
        for (int round = 0; round < 200; round++) {
            var progress = ScatteredProgress.from(random.nextInt(1_000));
            long base = progress.mark();
            for (int i = 0; i < random.nextInt(60); i++) {
                progress.add(base + random.nextInt(300));
            }

            var again =
                    ScatteredProgress.of(
                            PARTITION, progress.mark(), progress.metadata().orElseThrow());

            assertThat(again.mark()).isEqualTo(progress.mark());
            for (long offset = base; offset < base + 310; offset++) {
                assertThat(again.contains(offset)).isEqualTo(progress.contains(offset));
            }
        }
    }
}
