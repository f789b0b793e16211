package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.PartitionId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

final class PartitionGateTest {
    private static final PartitionId P = new PartitionId("orders", 0);
    private static final PartitionId Q = new PartitionId("orders", 1);

    private final PartitionGate gate = new PartitionGate();

    @Test
    void shouldBeOpenAtFirst() {
        assertThat(gate.isClosed(P)).isFalse();
    }

    @Test
    void shouldStayClosedUntilBothSidesAgree() {
        gate.pausedByStreams(List.of(P));
        gate.block(P);
        gate.resumedByStreams(List.of(P));
        assertThat(gate.isClosed(P)).isTrue();
        gate.unblock(P);
        assertThat(gate.isClosed(P)).isFalse();

        gate.block(P);
        gate.pausedByStreams(List.of(P, Q));
        gate.unblock(P);
        assertThat(gate.isClosed(P)).isTrue();
        assertThat(gate.isClosed(Q)).isTrue();
        gate.resumedByStreams(List.of(P));
        assertThat(gate.isClosed(P)).isFalse();
        assertThat(gate.isClosed(Q)).isTrue();
    }

    @Test
    void shouldNotCountHowOftenASideCloses() {
        gate.block(P);
        gate.block(P);
        gate.unblock(P);
        gate.unblock(P);
        assertThat(gate.isClosed(P)).isFalse();
    }

    @Test
    void shouldForgetPartitionsThatAreNoLongerAssigned() {
        gate.block(P);
        gate.pausedByStreams(List.of(Q));
        gate.retain(Set.of(P));
        assertThat(gate.isClosed(P)).isTrue();
        assertThat(gate.isClosed(Q)).isFalse();
        gate.retain(Set.of());
        assertThat(gate.isClosed(P)).isFalse();
    }
}
