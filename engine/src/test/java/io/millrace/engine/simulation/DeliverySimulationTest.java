package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Optional;
import java.util.stream.LongStream;

final class DeliverySimulationTest {
    /** Schedules to play; {@code -Dmillrace.schedules=N} plays others. */
    private static final long SCHEDULES = Long.getLong("millrace.schedules", 100_000);

    /** Where the seeds begin: {@code -Dmillrace.seed=N -Dmillrace.schedules=1} repeats one. */
    private static final long FIRST_SEED = Long.getLong("millrace.seed", 0);

    private static final int SCHEDULES_OF_A_MUTANT = 5_000;

    @Test
    void shouldLoseRepeatAndMixUpNothingWhateverHappens() {
        Optional<String> fault =
                LongStream.range(FIRST_SEED, FIRST_SEED + SCHEDULES)
                        .parallel()
                        .mapToObj(seed -> faultOf(seed, Mutant.NONE))
                        .flatMap(Optional::stream)
                        .findAny();

        assertThat(fault).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindTheFaultThatWasPutIn(Mutant mutant) {
        String found =
                LongStream.range(0, SCHEDULES_OF_A_MUTANT)
                        .mapToObj(seed -> faultOf(seed, mutant))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse("");

        assertThat(mutant.isFoundBy(found)).as("found: %s", found).isTrue();
    }

    /** What went wrong with this seed, which repeats it. */
    private static Optional<String> faultOf(long seed, Mutant mutant) {
        try {
            new Schedule(seed, mutant).play();
            return Optional.empty();
        } catch (RuntimeException | AssertionError e) {
            return Optional.of("seed " + seed + ": " + e);
        }
    }
}
