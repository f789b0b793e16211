package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.CoreProof;
import io.millrace.it.prove.core.FailureScenarios;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** What becomes of events that fail: retries, dead letters, failure records, split batches. */
final class FailurePolicyIT {
    @TempDir Path folder;

    @Test
    void shouldEndEveryFailureAsThePolicySays()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            assertThat(CoreProof.withNode(bed, new FailureScenarios()))
                    .isNotEmpty()
                    .allMatch(Check::passed);
        }
    }
}
