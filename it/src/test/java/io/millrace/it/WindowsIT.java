package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.core.Bed;
import io.millrace.it.prove.core.WindowScenario;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** Tumbling windows on a real broker, over two kills. */
@Tag("long")
final class WindowsIT {
    @TempDir Path folder;

    @Test
    void shouldSumEachWindowOnceOverKills()
            throws IOException, ExecutionException, InterruptedException {
        try (Bed bed = Bed.start(folder)) {
            WindowScenario windows = new WindowScenario();
            windows.prepare(bed);
            assertThat(windows.judge(bed)).isNotEmpty().allMatch(Check::passed);
        }
    }
}
