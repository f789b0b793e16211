package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.BatchingScenarios;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.CoreProof;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** How events are gathered, and which order is kept. */
final class BatchingIT {
    @TempDir Path folder;

    @Test
    void shouldGatherEventsAndKeepTheirOrder()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            assertThat(CoreProof.withNode(bed, new BatchingScenarios()))
                    .isNotEmpty()
                    .allMatch(Check::passed);
        }
    }
}
