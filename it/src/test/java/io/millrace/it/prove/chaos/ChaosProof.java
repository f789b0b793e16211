package io.millrace.it.prove.chaos;

import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Proof;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/** Random faults while events flow; nothing may be lost, done twice or out of order. */
public final class ChaosProof implements Proof {
    private static final String MINUTES = "--minutes";
    private static final String SEED = "--seed";
    private static final String NO_TIMES = "--no-times";
    private static final String TIMES = "I12";

    @Override
    public String name() {
        return "chaos";
    }

    @Override
    public String summary() {
        return "broker and nodes killed, stopped and restarted under load: exactly once, in order";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(MINUTES, "N", "How long faults are injected (default: 1)."),
                new Option(SEED, "N", "Repeats the choices of a run (default: a new one)."),
                new Option(
                        NO_TIMES,
                        "",
                        "Times are figures, not checks: for machines that do other things, too."));
    }

    @Override
    public ProofReport run(ProofOptions options)
            throws IOException, InterruptedException, ExecutionException {
        double minutes = options.value(MINUTES).map(Double::parseDouble).orElse(1.0);
        if (!(minutes > 0 && minutes <= 24 * 60)) {
            throw new IllegalArgumentException(
                    "option '" + MINUTES + "' is '" + minutes + "'; allowed: above 0 to 1440");
        }
        long seed = options.value(SEED).map(Long::parseLong).orElseGet(new Random()::nextLong);
        try (Scratch scratch = Scratch.make("prove-chaos")) {
            ProofReport report =
                    new ChaosRun(scratch, Duration.ofMillis((long) (minutes * 60_000)), seed)
                            .report();
            return options.has(NO_TIMES) ? withoutTimes(report) : report;
        }
    }

    private static ProofReport withoutTimes(ProofReport report) {
        return new ProofReport(
                report.checks().stream().filter(check -> !check.name().startsWith(TIMES)).toList(),
                report.figures());
    }
}
