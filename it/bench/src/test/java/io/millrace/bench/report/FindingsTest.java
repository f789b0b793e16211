package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Goal;
import io.millrace.bench.plan.Plan;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.run.CellResult;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

final class FindingsTest {
    private static final Workload WORKLOAD =
            new Workload(
                    "W2",
                    "one <in>, one out",
                    new Recipe(10, 100, 1, Keys.UNIFORM, 1, 1),
                    HandlerWork.NOOP,
                    new Workload.Kind.Drain(1),
                    List.of(
                            Contender.of("KS", ArmKind.STREAMS),
                            Contender.of("M", ArmKind.MILLRACE)));
    private static final Goal GOAL = Goal.times("W2", "M", "KS", 0.9);

    @Test
    void shouldNotReachAGoalThatWasNotMeasured() {
        Findings findings = findings(cell("M", 1, 100));

        assertThat(findings.goals().getFirst().text()).isEqualTo("not measured");
        assertThat(findings.holds()).isFalse();
    }

    @Test
    void shouldNotReachAGoalWithAVoidCell() {
        CellResult broken =
                new CellResult(
                        "W2", "M", 2, Map.of("events/s", 500.0), List.of("1 lost"), Map.of());

        Findings findings = findings(cell("KS", 1, 100), cell("M", 1, 100), broken);

        assertThat(findings.goals().getFirst().holds()).isFalse();
        assertThat(findings.holds()).isFalse();
    }

    @Test
    void shouldTellByHowMuchAGoalIsMissed() {
        Findings findings = findings(cell("KS", 1, 100), cell("M", 1, 45));

        assertThat(findings.goals().getFirst().text()).isEqualTo("falls short by 50 %");
        assertThat(findings.holds()).isFalse();
    }

    @Test
    void shouldCompareTheMediansOfAllRounds() {
        Findings findings =
                findings(
                        cell("KS", 1, 100),
                        cell("M", 1, 10),
                        cell("KS", 2, 110),
                        cell("M", 2, 95),
                        cell("KS", 3, 90),
                        cell("M", 3, 200));

        assertThat(findings.goals().getFirst().actual()).contains(0.95);
        assertThat(findings.holds()).isTrue();
    }

    @Test
    void shouldShowVoidCellsInTableAndChart() throws Exception {
        CellResult broken =
                new CellResult(
                        "W2", "M", 1, Map.of("events/s", 500.0), List.of("1 lost"), Map.of());
        Findings findings = findings(cell("KS", 1, 123_456), broken);

        List<String> table = MarkdownTable.of(findings, Map.of("machine", "this one"));
        var chart =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(
                                new java.io.ByteArrayInputStream(
                                        BarChart.of(findings)
                                                .getBytes(
                                                        java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(table)
                .anyMatch(line -> line.startsWith("| KS | 123,456"))
                .anyMatch(line -> line.contains("**void:** 1 lost"));
        assertThat(chart.getDocumentElement().getTextContent()).contains("void", "123,456");
    }

    @Test
    void shouldDrawTenTimesAsMuchOneDecadeFurther() {
        int decade = BarChart.x(100) - BarChart.x(10);

        assertThat(BarChart.x(1000) - BarChart.x(100)).isEqualTo(decade);
        assertThat(BarChart.x(0)).isEqualTo(BarChart.x(0.1));
    }

    private static Findings findings(CellResult... results) {
        return new Findings(new Plan(List.of(WORKLOAD), List.of(GOAL), 1), Arrays.asList(results));
    }

    private static CellResult cell(String contender, int round, double perSecond) {
        return new CellResult(
                "W2", contender, round, Map.of("events/s", perSecond), List.of(), Map.of());
    }
}
