package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.Figure;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.chaos.ChaosProof;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The proof {@code chaos} for as long as a build can bear: every fault of its seed, every check.
 */
final class ChaosIT {
    /** Of faults; start, drain and judgement come on top. */
    private static final String MINUTES = "0.6";

    @Test
    void shouldLoseNothingAndDoNothingTwiceWhateverIsKilled()
            throws IOException, InterruptedException, ExecutionException {
        ProofReport report =
                new ChaosProof()
                        .run(new ProofOptions(Map.of("--minutes", MINUTES, "--no-times", "")));

        assertThat(report.checks()).hasSizeGreaterThan(20);
        // In so short a time a kind of fault may hit nothing; one of them has to.
        assertThat(report.checks())
                .filteredOn(check -> !check.passed() && !check.name().startsWith("I14"))
                .isEmpty();
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().matches("faults: [a-z ]+"))
                .extracting(Figure::value)
                .anyMatch(counted -> counted > 0);
        assertThat(report.checks())
                .extracting(Check::name)
                .contains("I1 nothing is lost", "I2 nothing is there twice", "I14 faults hit work");
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().equals("events"))
                .extracting(Figure::value)
                .allMatch(events -> events > 100);
    }
}
