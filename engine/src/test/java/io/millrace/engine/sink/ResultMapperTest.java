package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class ResultMapperTest {
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
                        Header.of("millrace-attempt", "2"),
                        Header.of("millrace-source", "orders-3-42"),
                        Header.of("millrace-lineage", "resize:1"));
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
