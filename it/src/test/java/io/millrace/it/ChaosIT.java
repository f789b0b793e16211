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
        ProofReport report = new ChaosProof().run(new ProofOptions(Map.of("--minutes", MINUTES)));

        assertThat(report.checks()).hasSizeGreaterThan(20);
        // How fast it goes on is a matter of the machine too: the proof recovery judges that.
        assertThat(report.checks())
                .filteredOn(check -> !check.passed() && !check.name().startsWith("I12"))
                .isEmpty();
        assertThat(report.checks())
                .extracting(Check::name)
                .contains("I1 nothing is lost", "I2 nothing is there twice", "I14 faults hit work");
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().equals("events"))
                .extracting(Figure::value)
                .allMatch(events -> events > 100);
    }
}
