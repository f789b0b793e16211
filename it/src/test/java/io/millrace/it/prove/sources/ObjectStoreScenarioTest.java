package io.millrace.it.prove.sources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class ObjectStoreScenarioTest {
    @Test
    void shouldFindAnObjectThatIsThereAndWasToldOtherwise() {
        assertThat(ObjectStoreScenario.sameState(Map.of("a", "1"), Map.of("a", "2")).passed())
                .isFalse();
        assertThat(ObjectStoreScenario.sameState(Map.of(), Map.of("a", "2")).passed()).isFalse();
        assertThat(ObjectStoreScenario.sameState(Map.of("a", "1"), Map.of()).passed()).isFalse();
        assertThat(ObjectStoreScenario.sameState(Map.of("a", "1"), Map.of("a", "1")).passed())
                .isTrue();
    }

    @Test
    void shouldTellDeletionsOfOneObjectApart() {
        ChangeReading reading = new ChangeReading();

        reading.read("b/k", "CREATED", "1");
        Change first = reading.read("b/k", "DELETED", "");
        reading.read("b/k", "CREATED", "2");
        Change second = reading.read("b/k", "DELETED", "");
        Change third = reading.read("b/k", "DELETED", "");

        assertThat(first).isNotEqualTo(second);
        assertThat(third.id()).isEqualTo("DELETED what was not there");
        assertThat(reading.states()).isEmpty();
    }
}
