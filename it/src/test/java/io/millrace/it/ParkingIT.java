package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.CrashScenario;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** What survives a kill -9: parked events, counts of attempts, what tells repeats. */
@Tag("long")
final class ParkingIT {
    @TempDir Path folder;

    @Test
    void shouldKeepWhatIsParkedAndCountedOverAKill()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            CrashScenario crash = new CrashScenario();
            crash.prepare(bed);
            assertThat(crash.judge(bed)).isNotEmpty().allMatch(Check::passed);
        }
    }
}
