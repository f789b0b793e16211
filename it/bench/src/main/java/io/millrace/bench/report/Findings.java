package io.millrace.bench.report;

import io.millrace.bench.plan.Goal;
import io.millrace.bench.plan.Plan;
import io.millrace.bench.run.CellResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What all the cells come to. */
public record Findings(Plan plan, List<CellResult> results) {
    public Findings {
        results = List.copyOf(results);
    }

    /**
     * How a goal came out.
     *
     * @param actual the figure or its ratio; empty when a cell it needs has no round that counts
     */
    public record Reached(Goal goal, Optional<Double> actual) {
        public boolean holds() {
            return actual.filter(goal::isReached).isPresent();
        }

        /** In words, for the table. */
        public String text() {
            return actual.map(value ->
                            goal.isReached(value)
                                    ? "reached"
                                    : "falls short by " + shortfall(goal, value))
                    .orElse("not measured");
        }
    }

    /** By which part, or by how much where nothing is allowed. */
    private static String shortfall(Goal goal, double value) {
        return goal.wanted() == 0
                ? MarkdownTable.number(value)
                : Math.round(goal.shortfall(value) * 100) + " %";
    }

    /** The figure over all rounds that count; empty when there is none. */
    public Optional<Spread> figure(String workload, String contender, String metric) {
        List<Double> values =
                results.stream()
                        .filter(r -> r.workload().equals(workload))
                        .filter(r -> r.contender().equals(contender))
                        .filter(r -> !r.isVoid())
                        .filter(r -> r.figures().containsKey(metric))
                        .map(r -> r.figures().get(metric))
                        .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** Why rounds of a cell are void, each reason once. */
    public List<String> violations(String workload, String contender) {
        return results.stream()
                .filter(r -> r.workload().equals(workload) && r.contender().equals(contender))
                .flatMap(r -> r.violations().stream())
                .distinct()
                .toList();
    }

    /** Whether the machine's speed changed during a round of the cell. */
    public boolean isNoisy(String workload, String contender) {
        return results.stream()
                .filter(r -> r.workload().equals(workload) && r.contender().equals(contender))
                .anyMatch(CellResult::isNoisy);
    }

    /** Every goal. A cell with a void round of the product reaches none. */
    public List<Reached> goals() {
        List<Reached> reached = new ArrayList<>();
        for (Goal goal : plan.goals()) {
            Optional<Double> own =
                    violations(goal.workload(), goal.contender()).isEmpty()
                            ? median(goal, goal.contender())
                            : Optional.empty();
            Optional<Double> actual =
                    goal.against().isEmpty()
                            ? own
                            : own.flatMap(value ->
                                    median(goal, goal.against().get()).map(other -> value / other));
            reached.add(new Reached(goal, actual));
        }
        return reached;
    }

    private Optional<Double> median(Goal goal, String contender) {
        return figure(goal.workload(), contender, goal.metric()).map(Spread::median);
    }

    /** Whether every goal is reached and no cell of the product is void. */
    public boolean holds() {
        return !results.isEmpty()
                && goals().stream().allMatch(Reached::holds)
                && results.stream()
                        .noneMatch(r -> r.contender().equals(Plan.MILLRACE) && r.isVoid());
    }
}
