package io.millrace.it.prove.sources;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

class SourcesProofTest {
    /** Needs a server that no machine has. */
    private record Unreachable(String name) implements SourceScenario {
        @Override
        public Optional<String> obstacle() {
            return Optional.of("no such server");
        }

        @Override
        public void run(SourceBed bed) {
            throw new IllegalStateException("it must not run");
        }
    }

    private final SourcesProof proof =
            new SourcesProof(List.of(new Unreachable("one"), new Unreachable("two")));

    @Test
    void shouldTellWhatDidNotRunAndWhy()
            throws IOException, InterruptedException, ExecutionException {
        ProofReport report = proof.run(ProofOptions.NONE);

        assertThat(report.checks()).isEmpty();
        assertThat(report.notes())
                .containsExactly(
                        "one did NOT run: no such server", "two did NOT run: no such server");
    }

    @Test
    void shouldRunWhatIsNamedAlone() throws IOException, InterruptedException, ExecutionException {
        ProofReport report = proof.run(new ProofOptions(Map.of(), List.of("two")));

        assertThat(report.notes()).containsExactly("two did NOT run: no such server");
    }
}
