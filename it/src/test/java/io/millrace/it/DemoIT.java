package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.dev.Installation;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.demo.DemoProof;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The demonstration end to end, as {@code it/prove demo} judges it, with few pictures. */
@Tag("long")
class DemoIT {
    private static final List<String> GOOD =
            List.of(
                    "photos/canyon-wren.jpg",
                    "photos/desert-dune.jpg",
                    "photos/wall-clock.jpg",
                    // Its camera was held on its side.
                    "photos/dogs-at-window.jpg",
                    "photos/butterfly.png");

    @TempDir Path photos;

    @Test
    void shouldHandleEveryPictureOnceAndNothingAgainInASecondRun()
            throws IOException, InterruptedException, ExecutionException {
        Path example = Installation.find().thumbnailExample();
        for (String picture : GOOD) {
            Path file = example.resolve(picture);
            Files.copy(file, photos.resolve(String.valueOf(file.getFileName())));
        }
        Files.copy(example.resolve("photos-broken/truncated.jpg"), photos.resolve("truncated.jpg"));

        ProofReport report =
                new DemoProof().run(new ProofOptions(Map.of("--photos", photos.toString())));

        assertThat(report.checks()).hasSizeGreaterThan(30);
        assertThat(report.checks()).filteredOn(check -> !check.passed()).isEmpty();
        assertThat(report.checks())
                .extracting(Check::name)
                .contains(
                        "after the first run: dead letters are their events, byte for byte",
                        "after the second run: nothing is processed or uploaded twice");
    }
}
