package io.millrace.bench.plan;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.judge.Verdict;

import java.util.Map;

/**
 * An arm with its settings in one workload.
 *
 * @param name as in the table, unique within the workload
 */
public record Contender(String name, ArmKind arm, Map<String, String> settings) {
    public Contender {
        settings = Map.copyOf(settings);
    }

    /** What its cell must keep: less where its settings ask for less. */
    public Verdict.Promise promise() {
        boolean once = "at_least_once".equals(settings.get("guarantee"));
        return once && arm.promise() == Verdict.Promise.FULL
                ? Verdict.Promise.AT_LEAST_ONCE
                : arm.promise();
    }

    /** What its handlers do, where that is not what the workload says. */
    public HandlerWork work(Workload workload) {
        String own = settings.get("work");
        return own == null ? workload.work() : HandlerWork.parse(own);
    }

    public static Contender of(String name, ArmKind arm, String... namesAndValues) {
        Map<String, String> settings = new java.util.TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Contender(name, arm, settings);
    }
}
