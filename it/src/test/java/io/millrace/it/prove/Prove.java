package io.millrace.it.prove;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.it.prove.chaos.ChaosProof;
import io.millrace.it.prove.chaos.RecoveryProof;
import io.millrace.it.prove.core.CoreProof;
import io.millrace.it.prove.demo.DemoProof;
import io.millrace.it.prove.sources.SourcesProof;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs a proof by its name. */
public final class Prove {
    private static final int HOLDS = 0;
    private static final int FELL_SHORT = 1;
    private static final int NOT_UNDERSTOOD = 2;
    private static final Proof.Option JSON =
            new Proof.Option("--json", "FILE", "Write figures and checks to this file.");

    private final List<Proof> proofs;
    private final PrintWriter out;
    private final PrintWriter err;

    Prove(List<Proof> proofs, PrintWriter out, PrintWriter err) {
        this.proofs = List.copyOf(proofs);
        this.out = out;
        this.err = err;
    }

    /** All there are. A new one is added here. */
    static List<Proof> all() {
        return List.of(
                new DemoProof(),
                new CoreProof(),
                new SimulationProof(),
                new ChaosProof(),
                new RecoveryProof(),
                new SourcesProof(),
                new FreshProof());
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(new Prove(all(), out, err).run(List.of(arguments)));
    }

    /** Gives the exit code. */
    int run(List<String> arguments) {
        if (arguments.isEmpty() || arguments.getFirst().equals("--help")) {
            list();
            return HOLDS;
        }
        String name = arguments.getFirst();
        Optional<Proof> proof =
                proofs.stream().filter(candidate -> candidate.name().equals(name)).findFirst();
        if (proof.isEmpty()) {
            err.println(
                    "prove: '"
                            + name
                            + "' is not known; allowed: "
                            + String.join(", ", proofs.stream().map(Proof::name).toList()));
            return NOT_UNDERSTOOD;
        }
        List<Proof.Option> known = new ArrayList<>(proof.get().options());
        known.add(JSON);
        try {
            return run(
                    proof.get(),
                    ProofOptions.parse(
                            known, proof.get().parts(), arguments.subList(1, arguments.size())),
                    arguments);
        } catch (IllegalArgumentException e) {
            err.println("prove: " + e.getMessage());
            return NOT_UNDERSTOOD;
        }
    }

    private void list() {
        out.println("it/prove NAME [options]");
        for (Proof proof : proofs) {
            out.printf(Locale.ROOT, "  %-12s %s%n", proof.name(), proof.summary());
            if (!proof.parts().isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        "    %-22s One or more of: %s (default: all).%n",
                        "NAME...",
                        String.join(", ", proof.parts()));
            }
            for (Proof.Option option : proof.options()) {
                out.printf(
                        Locale.ROOT,
                        "    %-22s %s%n",
                        (option.name() + " " + option.value()).strip(),
                        option.help());
            }
        }
        out.printf(Locale.ROOT, "every one: %-13s %s%n", "--json FILE", JSON.help());
    }

    private int run(Proof proof, ProofOptions options, List<String> arguments) {
        Instant startedAt = new SystemTimeSource().now();
        ProofReport report = report(proof, options);
        ReportText.of(report).forEach(out::println);
        Optional<String> file = options.value(JSON.name());
        if (file.isPresent()) {
            List<String> command = new ArrayList<>(List.of("it/prove"));
            command.addAll(arguments);
            try {
                ReportJson.write(Path.of(file.get()), proof.name(), command, startedAt, report);
            } catch (IOException e) {
                err.println(
                        "prove: file '" + file.get() + "' cannot be written: " + e.getMessage());
                return FELL_SHORT;
            }
        }
        return report.holds() ? HOLDS : FELL_SHORT;
    }

    /** What a proof throws is what it found. */
    private ProofReport report(Proof proof, ProofOptions options) {
        try {
            return proof.run(options);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Exception e) {
            e.printStackTrace(err);
            return new ProofReport(
                    List.of(new Check("the proof ran to its end", "its end", e.toString(), false)),
                    List.of());
        }
    }
}
