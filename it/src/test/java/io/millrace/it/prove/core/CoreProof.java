package io.millrace.it.prove.core;

import io.millrace.engine.app.Engine;
import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.Proof;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The delivery core against a real broker: failure policy, batches and lanes, filters, load,
 * tumbling windows, and what survives a kill.
 */
public final class CoreProof implements Proof {
    @Override
    public String name() {
        return "core";
    }

    @Override
    public String summary() {
        return "failure policy, batches, filters, limits and crashes, on a real broker";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public ProofReport run(ProofOptions options)
            throws IOException, ExecutionException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<String, Scenario> one : scenarios().entrySet()) {
            try (Scratch scratch = Scratch.make("prove-core");
                    Bed bed = Bed.start(scratch.folder())) {
                List<Check> found = withNode(bed, one.getValue());
                found.forEach(check -> checks.add(check.during(one.getKey())));
            }
        }
        checks.addAll(withOwnNodes("crash", new CrashScenario()));
        checks.addAll(withOwnNodes("windows", new WindowScenario()));
        return new ProofReport(checks, List.of());
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("failures", new FailureScenarios());
        scenarios.put("batches", new BatchingScenarios());
        scenarios.put("filters", new FilterScenarios());
        scenarios.put("load", new LoadScenarios());
        return scenarios;
    }

    /** Tries a scenario out on one node in this JVM. */
    public static List<Check> withNode(Bed bed, Scenario scenario)
            throws IOException, ExecutionException, InterruptedException {
        scenario.prepare(bed);
        try (Engine _ = bed.engine("one")) {
            return scenario.judge(bed);
        }
    }

    /** It starts its nodes itself, and kills them. */
    private static List<Check> withOwnNodes(String name, Scenario scenario)
            throws IOException, ExecutionException, InterruptedException {
        try (Scratch scratch = Scratch.make("prove-core");
                Bed bed = Bed.start(scratch.folder())) {
            scenario.prepare(bed);
            return scenario.judge(bed).stream().map(check -> check.during(name)).toList();
        }
    }
}
