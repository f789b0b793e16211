package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.CoreProof;
import io.millrace.it.prove.core.LoadScenarios;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** What a trigger takes of a function: circuit breaker, rate, maximum concurrency. */
@Tag("long")
final class LoadIT {
    @TempDir Path folder;

    @Test
    void shouldTakeNoMoreThanAllowed()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            assertThat(CoreProof.withNode(bed, new LoadScenarios()))
                    .isNotEmpty()
                    .allMatch(Check::passed);
        }
    }
}
