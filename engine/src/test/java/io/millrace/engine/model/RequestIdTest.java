package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

final class RequestIdTest {
    private static final TriggerId TRIGGER = new TriggerId("orders-resize");

    @Test
    void shouldBeTheSameInEveryVersionOfTheEngine() {
        assertThat(id(TRIGGER, "orders", 3, 40, 49))
                .isEqualTo("6667db8e-3d7c-85f4-b4e7-d9287fff557e");
    }

    @Test
    void shouldBeAUuidOfVersionEight() {
        UUID id = UUID.fromString(id(TRIGGER, "orders", 3, 40, 49));
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void shouldDifferInEverythingThatIsInvoked() {
        Set<String> ids = new HashSet<>();
        int made = 0;
        for (String trigger : new String[] {"a", "b", "ab"}) {
            for (String topic : new String[] {"c", "bc", "cc"}) {
                for (int partition = 0; partition < 8; partition++) {
                    for (long first = 0; first < 200; first++) {
                        for (long more = 0; more < 5; more++) {
                            ids.add(
                                    id(
                                            new TriggerId(trigger),
                                            topic,
                                            partition,
                                            first,
                                            first + more));
                            made++;
                        }
                    }
                }
            }
        }
        assertThat(ids).hasSize(made);
    }

    private static String id(
            TriggerId trigger, String topic, int partition, long first, long last) {
        return new RequestId.Stem(trigger, new PartitionId(topic, partition))
                .of(first, last)
                .value();
    }
}
