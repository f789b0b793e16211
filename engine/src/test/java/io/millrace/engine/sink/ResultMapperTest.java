package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class ResultMapperTest {
    private static final String ATTEMPT = "millrace-attempt";
    private static final String LINEAGE = "millrace-lineage";
    private static final Provenance FROM =
            new Provenance(
                    new RequestId("r-1"),
                    Samples.event(42, "customer"),
                    2,
                    new Provenance.Times(
                            Instant.EPOCH, Instant.EPOCH, Instant.ofEpochMilli(1_234)));

    @Test
    void shouldWriteNothingWhereNothingWasReturned() {
        assertThat(mapper(Optional.of("more")).map(Samples.FUNCTION, Output.NONE, FROM)).isEmpty();
    }

    @Test
    void shouldWriteTheValueAsItIsUnderTheKeyOfItsEvent() {
        List<OutboundRecord> records =
                mapper(Optional.empty()).map(Samples.FUNCTION, Samples.output("small"), FROM);
        assertThat(records).hasSize(1);
        OutboundRecord record = records.getFirst();
        assertThat(record.topic()).isEqualTo("results");
        assertThat(record.key()).isEqualTo(Payload.of("customer"));
        assertThat(record.value()).isEqualTo(Payload.of("small"));
        assertThat(record.timestamp()).isEqualTo(1_234);
        assertThat(record.headers())
                .containsExactly(
                        Header.of("content-type", "text/plain"),
                        Header.of("millrace-request-id", "r-1"),
                        Header.of("millrace-function", "resize"),
                        Header.of("millrace-version", "7"),
                        Header.of("millrace-trigger", "orders-resize"),
                        Header.of("millrace-source", "orders-3-42"),
                        Header.of("millrace-attempt", "2"));
    }

    @Test
    void shouldLeaveOutTheFirstAttemptAndAChainThatBeginsHere() {
        assertThat(headersOf(from(1, 0, List.of()))).doesNotContainKeys(ATTEMPT, LINEAGE);
        assertThat(headersOf(from(2, 0, List.of()))).containsEntry(ATTEMPT, "2");
        assertThat(headersOf(from(1, 0, List.of(Header.of("millrace-function", "fetch")))))
                .containsEntry(LINEAGE, "fetch:1,resize:1");
        assertThat(headersOf(from(1, 0, List.of(Header.of(LINEAGE, "fetch:3,resize:2")))))
                .containsEntry(LINEAGE, "fetch:3,resize:3");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 4_294_967_296L, Long.MAX_VALUE})
    void shouldNameThePositionOfItsEvent(long offset) {
        assertThat(headersOf(from(1, offset, List.of())))
                .containsEntry("millrace-source", "orders-3-" + offset);
    }

    private static Map<String, String> headersOf(Provenance from) {
        return mapper(Optional.empty())
                .map(Samples.FUNCTION, Samples.output("small"), from)
                .getFirst()
                .headers()
                .stream()
                .collect(Collectors.toMap(Header::key, header -> header.value().text()));
    }

    private static Provenance from(int attempt, long offset, List<Header> headers) {
        var event =
                new RawEvent(
                        new EventPosition(Samples.PARTITION, offset),
                        Payload.of("customer"),
                        Payload.of("{}"),
                        headers,
                        0);
        return new Provenance(FROM.requestId(), event, attempt, FROM.times());
    }

    @Test
    void shouldWriteTheSameToTheTopicForSuccesses() {
        List<OutboundRecord> records =
                mapper(Optional.of("more")).map(Samples.FUNCTION, Samples.output("small"), FROM);
        assertThat(records).extracting(OutboundRecord::topic).containsExactly("results", "more");
        assertThat(records.getLast().headers()).isEqualTo(records.getFirst().headers());
        assertThat(records.getLast().value()).isEqualTo(records.getFirst().value());
    }

    @Test
    void shouldKeepANullValueNull() {
        List<OutboundRecord> records =
                mapper(Optional.empty())
                        .map(Samples.FUNCTION, new Output.Value(Payload.NULL, "text/plain"), FROM);
        assertThat(records.getFirst().value().isNull()).isTrue();
    }

    private static ResultMapper mapper(Optional<String> onSuccess) {
        Trigger plain = Samples.trigger(1, 1, RetryPolicy.DEFAULT);
        return new ResultMapper(
                plain.withDestinations(
                        new Destinations("results", "dead", onSuccess, Optional.empty())));
    }
}
