package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DeliverySimulationTest {
    private static final int SCHEDULES = 25_000;
    private static final int SCHEDULES_OF_A_MUTANT = 5_000;

    @Test
    void shouldLoseRepeatAndMixUpNothingWhateverHappens() {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try {
                new Schedule(seed, Mutant.NONE).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindTheFaultThatWasPutIn(Mutant mutant) {
        String found = "";
        for (long seed = 0; seed < SCHEDULES_OF_A_MUTANT && found.isEmpty(); seed++) {
            try {
                new Schedule(seed, mutant).play();
            } catch (RuntimeException | AssertionError e) {
                found = "seed " + seed + ": " + e.getMessage();
            }
        }
        assertThat(mutant.isFoundBy(found)).as("found: %s", found).isTrue();
    }
}
