package io.millrace.engine.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.PartitionId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class DeadLetterTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void shouldTakeALetterWithoutHeadersForForeignAndSourceless() {
        DeadLetter letter = letter();

        assertThat(letter.trigger()).isEmpty();
        assertThat(letter.source()).isEmpty();
        assertThat(letter.redrives()).isZero();
        assertThat(letter.isComplete()).isTrue();
    }

    @Test
    void shouldNotTakeTheStateOfAWindowForAnEvent() {
        DeadLetter ofWindow = letter("millrace-node", "n", "millrace-window", "a/b");
        DeadLetter ofItsResult = letter("millrace-window", "a/b", "millrace-node", "n");

        assertThat(ofWindow.isComplete()).isFalse();
        assertThat(ofItsResult.isComplete()).isTrue();
    }

    @Test
    void shouldFindThePlaceOfTheEventInATopicWithDashes() {
        assertThat(letter("millrace-source", "my-own-topic-12-345").source())
                .contains(new EventPosition(new PartitionId("my-own-topic", 12), 345));
        assertThat(letter("millrace-source", "no-position").source()).isEmpty();
    }

    @Test
    void shouldKeepTheEventsHeadersAndCountTheRedrive() {
        DeadLetter letter =
                letter(
                        "trace", "1",
                        "millrace-condition", "RetryAttemptsExhausted",
                        "trace", "2",
                        "millrace-redrives", "4");

        List<Header> headers = letter.redrivenHeaders();

        assertThat(headers.stream().map(DeadLetterTest::text))
                .containsExactly("trace=1", "trace=2", "millrace-redrives=5");
    }

    @Test
    void shouldPassAFilterOnlyInEveryPart() {
        DeadLetter letter =
                letter(
                        "millrace-condition", "RecordAgeExceeded",
                        "millrace-error-type", "java.io.IOException",
                        "millrace-source", "t-0-5",
                        "tenant", "a");
        var position = new EventPosition(new PartitionId("t", 0), 5);

        assertThat(RedriveFilter.ALL.matches(letter)).isTrue();
        assertThat(
                        filter(Set.of("RecordAgeExceeded"), AT, AT.plusMillis(1), position)
                                .matches(letter))
                .isTrue();
        assertThat(filter(Set.of("Other"), AT, AT.plusMillis(1), position).matches(letter))
                .isFalse();
        assertThat(filter(Set.of(), AT.plusMillis(1), AT.plusMillis(2), position).matches(letter))
                .isFalse();
        assertThat(filter(Set.of(), AT.minusMillis(1), AT, position).matches(letter)).isFalse();
        assertThat(
                        filter(
                                        Set.of(),
                                        AT,
                                        AT.plusMillis(1),
                                        new EventPosition(new PartitionId("t", 0), 6))
                                .matches(letter))
                .isFalse();
    }

    private static RedriveFilter filter(
            Set<String> conditions, Instant from, Instant to, EventPosition position) {
        return new RedriveFilter(
                conditions,
                Set.of("java.io.IOException"),
                Optional.of(from),
                Optional.of(to),
                Set.of(position),
                Map.of("tenant", "a"));
    }

    private static DeadLetter letter(String... headers) {
        var all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new DeadLetter(
                new ConsumerRecord<>(
                        "letters",
                        0,
                        0,
                        AT.toEpochMilli(),
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        new byte[0],
                        new byte[0],
                        all,
                        Optional.empty()));
    }

    private static String text(Header header) {
        return header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8);
    }
}
