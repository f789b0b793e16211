package io.millrace.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;

final class OutcomeQueueTest {
    private final ArrayList<String> seen = new ArrayList<>();

    @Test
    void shouldKeepAReportUntilItIsRemoved() {
        var queue = new OutcomeQueue<String>(() -> {});
        assertThat(queue.peek()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        queue.offer("a");
        queue.offer("b");
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(queue.peek()).isEqualTo("a");
        queue.remove();
        assertThat(queue.peek()).isEqualTo("b");
        queue.remove();
        queue.remove();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldTellOfAReportOnlyWhenItCanBeSeen() {
        var queues = new ArrayList<OutcomeQueue<String>>();
        var queue = new OutcomeQueue<String>(() -> seen.add(queues.getFirst().peek()));
        queues.add(queue);
        queue.offer("a");
        assertThat(seen).containsExactly("a");
    }
}
