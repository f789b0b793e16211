package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.sources.PluginScenario;
import io.millrace.it.prove.sources.SourceBed;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/** The plugin archive as people get it, in a Connect worker as Kafka ships it. */
final class SourcePluginsIT {
    @Test
    void shouldOfferEveryConnectorAndTellEveryErrorAtOnce() throws IOException {
        try (Scratch scratch = Scratch.make("plugins");
                SourceBed bed = SourceBed.start(scratch, "plugins", true)) {
            new PluginScenario().run(bed);

            assertThat(bed.checks()).isNotEmpty().allMatch(Check::passed);
        }
    }
}
