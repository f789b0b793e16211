package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.CoreProof;
import io.millrace.it.prove.core.FilterScenarios;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** Which events reach a function: filters, starting positions, the end of a loop. */
@Tag("long")
final class FiltersIT {
    @TempDir Path folder;

    @Test
    void shouldHandOutWhatPassesAndNothingElse()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            assertThat(CoreProof.withNode(bed, new FilterScenarios()))
                    .isNotEmpty()
                    .allMatch(Check::passed);
        }
    }
}
