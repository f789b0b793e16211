package io.millrace.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

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
    void shouldRunTheSameArmsInAQuickRun() {
        assertThat(Plan.quick().workloads())
                .extracting(Workload::contenders)
                .isEqualTo(Plan.full().workloads().stream().map(Workload::contenders).toList());
        assertThat(Plan.quick().goals()).isEqualTo(Plan.full().goals());
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
