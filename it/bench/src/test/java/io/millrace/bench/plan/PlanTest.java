package io.millrace.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.judge.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;

final class PlanTest {
    @Test
    void shouldHaveTheProductInEveryWorkload() {
        assertThat(Plan.full().workloads())
                .allSatisfy(workload ->
                        assertThat(workload.contenders())
                                .extracting(Contender::name)
                                .doesNotHaveDuplicates()
                                .contains(Plan.MILLRACE));
    }

    @Test
    void shouldSetGoalsOnlyForWhatIsMeasured() {
        assertThat(Plan.full().goals())
                .allSatisfy(goal -> {
                    List<String> names =
                            Plan.full().only(Set.of(goal.workload())).workloads().stream()
                                    .flatMap(w -> w.contenders().stream())
                                    .map(Contender::name)
                                    .toList();
                    assertThat(names).contains(goal.contender());
                    goal.against().ifPresent(other -> assertThat(names).contains(other));
                });
    }

    @Test
    void shouldKeepEveryArmThatAGoalNeedsInAQuickRun() {
        Plan quick = Plan.quick();

        assertThat(quick.goals()).isNotEmpty().isSubsetOf(Plan.full().goals());
        assertThat(quick.goals())
                .allSatisfy(goal -> {
                    List<String> names = names(quick, goal.workload());
                    assertThat(names).contains(goal.contender());
                    goal.against().ifPresent(other -> assertThat(names).contains(other));
                });
        assertThat(quick.workloads())
                .allSatisfy(workload ->
                        assertThat(names(quick, workload.id())).contains(Plan.MILLRACE));
    }

    private static List<String> names(Plan plan, String workload) {
        return plan.only(Set.of(workload)).workloads().stream()
                .flatMap(w -> w.contenders().stream())
                .map(Contender::name)
                .toList();
    }

    @Test
    void shouldSetGoalsForFiguresThatAreShown() {
        assertThat(Plan.full().goals())
                .allSatisfy(goal ->
                        assertThat(
                                        Plan.full()
                                                .only(Set.of(goal.workload()))
                                                .workloads()
                                                .getFirst()
                                                .metrics())
                                .contains(goal.metric()));
    }

    @Test
    void shouldTryAllConfigurationsOfParallelConsumer() {
        assertThat(Plan.tuneParallel().workloads())
                .hasSize(2)
                .allSatisfy(workload ->
                        assertThat(workload.contenders())
                                .hasSize(18)
                                .extracting(Contender::name)
                                .doesNotHaveDuplicates());
    }

    @Test
    void shouldPromiseLessWhereLessIsAskedFor() {
        Contender once = Contender.of("M", ArmKind.MILLRACE, "guarantee", "at_least_once");

        assertThat(once.promise()).isEqualTo(Verdict.Promise.AT_LEAST_ONCE);
        assertThat(Contender.of("M", ArmKind.MILLRACE).promise()).isEqualTo(Verdict.Promise.FULL);
        assertThat(Contender.of("R", ArmKind.RAW, "guarantee", "at_least_once").promise())
                .isEqualTo(Verdict.Promise.UNORDERED);
    }

    @Test
    void shouldChooseByIdOrGroup() {
        Plan chosen = Plan.full().only(Set.of("W3-10", "W4"));

        assertThat(chosen.workloads()).extracting(Workload::id).containsExactly("W3-10", "W4");
        assertThat(Plan.full().only(Set.of("W3")).workloads()).hasSize(3);
        assertThat(chosen.goals()).extracting(Goal::workload).containsOnly("W3-10", "W4");
    }

    @ParameterizedTest
    @CsvSource({"2.0,true,0", "1.9,false,0.05", "0,false,1"})
    void shouldJudgeALowerBound(double actual, boolean reached, double shortfall) {
        Goal goal = Goal.times("W2", "M", "PC", 2);

        assertThat(goal.isReached(actual)).isEqualTo(reached);
        assertThat(goal.shortfall(actual))
                .isEqualTo(shortfall, org.assertj.core.api.Assertions.within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"8,true,0", "12,false,0.5"})
    void shouldJudgeAnUpperBound(double actual, boolean reached, double shortfall) {
        Goal goal = Goal.atMost("W8", "M", "p50 ms", 8);

        assertThat(goal.isReached(actual)).isEqualTo(reached);
        assertThat(goal.shortfall(actual)).isEqualTo(shortfall);
    }
}
