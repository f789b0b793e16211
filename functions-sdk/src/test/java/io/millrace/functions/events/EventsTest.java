package io.millrace.functions.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

final class EventsTest {
    @Test
    void shouldReadAKindThatWasAddedLaterAsUnknown() {
        assertThat(ObjectEvent.Kind.of("RESTORED")).isEqualTo(ObjectEvent.Kind.UNKNOWN);
        assertThat(ObjectEvent.Kind.of("DELETED")).isEqualTo(ObjectEvent.Kind.DELETED);
        assertThat(TableChange.Operation.of("TRUNCATE")).isEqualTo(TableChange.Operation.UNKNOWN);
        assertThat(TableChange.Operation.of("READ")).isEqualTo(TableChange.Operation.READ);
    }

    @Test
    void shouldNotChangeWhenTheArrayOfABodyChanges() {
        // Given
        byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
        QueueMessage message = new QueueMessage("q", "1", body, null, Map.of(), null, null, 1);

        // When
        body[0] = 'X';
        message.body()[1] = 'X';

        // Then
        assertThat(message.bodyText()).isEqualTo("hello");
    }

    @Test
    void shouldCompareMessagesByTheContentOfTheirBodies() {
        // Given
        QueueMessage one = QueueMessage.of("q", "1", "hello");

        // When, Then
        assertThat(one)
                .isEqualTo(QueueMessage.of("q", "1", "hello"))
                .hasSameHashCodeAs(QueueMessage.of("q", "1", "hello"))
                .isNotEqualTo(QueueMessage.of("q", "1", "other"));
        assertThat(one.toString()).doesNotContain("hello");
    }
}
