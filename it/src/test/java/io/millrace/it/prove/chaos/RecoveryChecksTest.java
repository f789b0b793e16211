package io.millrace.it.prove.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RecoveryChecksTest {
    private final List<Fault> faults = new ArrayList<>();

    RecoveryChecksTest() {
        RecoveryChecks.goals().forEach((kind, goal) -> faults.add(fault(kind, 5, goal)));
    }

    @Test
    void shouldPassWhenEachGoalIsJustReached() {
        assertThat(failed()).isEmpty();
        assertThat(RecoveryChecks.of(faults).checks()).hasSize(4);
    }

    @Test
    void shouldFailWhenOneOfSeveralIsLate() {
        faults.add(fault(FaultKind.KILL_RESTART, 5, 5.01));

        assertThat(failed()).containsExactly("kill restart");
    }

    @Test
    void shouldFailWhenAFaultWasNotTriedHitNothingOrHadNothingToWaitFor() {
        faults.removeIf(fault -> fault.kind().equals(FaultKind.TERM_RESTART.name()));
        assertThat(failed()).containsExactly("term restart");

        faults.add(fault(FaultKind.TERM_RESTART, 0, 1));
        assertThat(failed()).containsExactly("term restart");

        faults.add(fault(FaultKind.TERM_RESTART, 5, -1));
        assertThat(failed()).containsExactly("term restart");
    }

    private static Fault fault(FaultKind kind, int inFlight, double recovery) {
        return new Fault(kind.name(), "node-1", inFlight, 9, recovery, 99);
    }

    private List<String> failed() {
        return RecoveryChecks.of(faults).checks().stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }
}
