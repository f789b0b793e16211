package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Outcome.Condition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class DeadLetterMapperTest {
    private static final List<Header> OWN =
            List.of(
                    Header.of("trace", "1"),
                    Header.of("trace", "2"),
                    new Header("empty", Payload.of(new byte[0])),
                    new Header("null", Payload.NULL),
                    Header.of("trace", "1"));

    private final DeadLetterMapper mapper =
            new DeadLetterMapper(Samples.trigger(1, 1, RetryPolicy.DEFAULT), "node-a");

    @Test
    void shouldKeepKeyValueAndHeadersByteForByte() {
        OutboundRecord record = map(event(Payload.of("k"), Payload.of("v")), Samples.FAILURE);
        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.key()).isEqualTo(Payload.of("k"));
        assertThat(record.value()).isEqualTo(Payload.of("v"));
        assertThat(record.headers().subList(0, OWN.size())).isEqualTo(OWN);
        assertThat(record.timestamp()).isEqualTo(5_000);
    }

    @Test
    void shouldKeepNullAndEmptyApart() {
        OutboundRecord tombstone = map(event(Payload.NULL, Payload.NULL), Samples.FAILURE);
        assertThat(tombstone.key().isNull()).isTrue();
        assertThat(tombstone.value().isNull()).isTrue();
        Payload nothing = Payload.of(new byte[0]);
        OutboundRecord empty = map(event(nothing, nothing), Samples.FAILURE);
        assertThat(empty.key().isNull()).isFalse();
        assertThat(empty.value().isNull()).isFalse();
    }

    @Test
    void shouldSayWhatFailedWhereAndWhy() {
        OutboundRecord record = map(event(Payload.of("k"), Payload.of("v")), Samples.FAILURE);
        assertThat(record.headers().subList(OWN.size(), record.headers().size()))
                .containsExactly(
                        Header.of("millrace-request-id", "r-1"),
                        Header.of("millrace-function", "resize"),
                        Header.of("millrace-version", "7"),
                        Header.of("millrace-trigger", "orders-resize"),
                        Header.of("millrace-attempt", "3"),
                        Header.of("millrace-source", "orders-3-42"),
                        Header.of("millrace-source-timestamp", "17"),
                        Header.of("millrace-first-attempt-at", "1970-01-01T00:00:01Z"),
                        Header.of("millrace-last-attempt-at", "1970-01-01T00:00:04Z"),
                        Header.of("millrace-condition", "RetryAttemptsExhausted"),
                        Header.of("millrace-error-type", "java.lang.IllegalStateException"),
                        Header.of("millrace-error-message", "no luck"),
                        Header.of("millrace-node", "node-a"));
    }

    @Test
    void shouldEscapeControlCharacters() {
        assertThat(messageOf("a\nb\u001b[31m\u0000\u0085"))
                .isEqualTo("a\\u000ab\\u001b[31m\\u0000\\u0085");
    }

    @Test
    void shouldCutALongMessageWithoutBreakingCharactersOrEscapes() {
        assertThat(messageOf("x".repeat(5_000))).isEqualTo("x".repeat(1_024));
        assertThat(messageOf("x".repeat(1_020) + "\n".repeat(9))).isEqualTo("x".repeat(1_020));
        String key = "\ud83d\udd11";
        assertThat(messageOf("x" + key.repeat(5_000))).isEqualTo("x" + key.repeat(511));
    }

    @Test
    void shouldFlagThatHeadersWereDropped() {
        OutboundRecord record =
                mapper.withoutHeaders(
                        Samples.FUNCTION,
                        outcome(Samples.FAILURE),
                        from(event(Payload.of("k"), Payload.of("v"))));
        assertThat(record.key()).isEqualTo(Payload.of("k"));
        assertThat(record.value()).isEqualTo(Payload.of("v"));
        assertThat(record.headers())
                .contains(Header.of("millrace-truncated", "headers"))
                .doesNotContainAnyElementsOf(OWN);
    }

    @Test
    void shouldFlagThatOnlyTheCoordinatesAreLeft() {
        OutboundRecord record =
                mapper.coordinatesOnly(
                        Samples.FUNCTION,
                        outcome(Samples.FAILURE),
                        from(event(Payload.of("k"), Payload.of("v"))));
        assertThat(record.key().isNull()).isTrue();
        assertThat(record.value().isNull()).isTrue();
        assertThat(record.headers())
                .contains(
                        Header.of("millrace-truncated", "key,value,headers"),
                        Header.of("millrace-source", "orders-3-42"))
                .doesNotContainAnyElementsOf(OWN);
    }

    private String messageOf(String message) {
        var failure = new Failure(Failure.Kind.FUNCTION_ERROR, "Type", message);
        Optional<Header> header =
                map(event(Payload.NULL, Payload.NULL), failure).headers().stream()
                        .filter(h -> h.key().equals("millrace-error-message"))
                        .findFirst();
        return header.orElseThrow().value().text();
    }

    private OutboundRecord map(RawEvent event, Failure failure) {
        return mapper.map(Samples.FUNCTION, outcome(failure), from(event));
    }

    private static Outcome.Failed outcome(Failure failure) {
        return new Outcome.Failed(Condition.RETRY_ATTEMPTS_EXHAUSTED, failure);
    }

    private static RawEvent event(Payload key, Payload value) {
        return new RawEvent(new EventPosition(Samples.PARTITION, 42), key, value, OWN, 17);
    }

    private static Provenance from(RawEvent event) {
        return new Provenance(
                new RequestId("r-1"),
                event,
                3,
                new Provenance.Times(
                        Instant.ofEpochMilli(1_000),
                        Instant.ofEpochMilli(4_000),
                        Instant.ofEpochMilli(5_000)));
    }
}
