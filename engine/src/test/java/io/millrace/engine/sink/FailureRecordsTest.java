package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.sink.FailureFacts.Condition;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lambda's own samples, byte for byte but for ids, dates and the line breaks between members. */
final class FailureRecordsTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge";
    private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    private static final KafkaSource MANAGED =
            new KafkaSource(
                    Optional.of("arn:aws:kafka:us-east-1:123456789012:cluster/c1/3c4d"),
                    "kafka-1:9092,kafka-2:9092");
    private static final KafkaSource SELF_MANAGED =
            new KafkaSource(Optional.empty(), "kafka-1:9092,kafka-2:9092");
    private static final BatchRange FIVE_HUNDRED =
            new BatchRange(
                    new PartitionId("orders", 0),
                    4_722,
                    5_221,
                    Instant.parse("2026-11-21T09:38:04.835Z"),
                    Instant.parse("2026-11-21T09:38:05.580Z"),
                    500);
    private static final BatchRange SHARD_ONE =
            new BatchRange(
                    new PartitionId("orders", 1),
                    4_722,
                    5_221,
                    FIVE_HUNDRED.firstTimestamp(),
                    FIVE_HUNDRED.lastTimestamp(),
                    500);
    private static final BatchRange ONE =
            new BatchRange(
                    new PartitionId("orders", 0),
                    4_722,
                    4_722,
                    Instant.parse("2026-11-21T09:39:04.835Z"),
                    Instant.parse("2026-11-21T09:39:04.835Z"),
                    1);
    private static final RawEvent ORDER =
            new RawEvent(
                    new EventPosition(new PartitionId("orders", 0), 15),
                    Payload.of("order-4711"),
                    Payload.of("{\"orderId\":4711}"),
                    List.of(Header.of("source", "checkout"), Header.of("source", "web")),
                    1_795_251_600_837L);
    private static final String ORDER_JSON =
            """
            {"topic":"orders","partition":0,"offset":15,"timestamp":1795251600837,"timestampType":"CREATE_TIME",
             "key":"b3JkZXItNDcxMQ==","value":"eyJvcmRlcklkIjo0NzExfQ==",
             "headers":[{"source":[99,104,101,99,107,111,117,116]},{"source":[119,101,98]}]}
            """;

    // STR-8
    @Test
    void shouldRenderABatchOfAStreamWhoseRetriesAreExhausted() {
        FailureFacts facts =
                facts(
                        "c9b8fa9f-5a7f-4c1d-af9c-0c604cde93a5",
                        Condition.RETRY_ATTEMPTS_EXHAUSTED,
                        2,
                        Optional.of(FailureFacts.UNHANDLED));

        assertThat(FailureRecords.ofStreamBatch(facts, SHARD_ONE, STREAM).text())
                .isEqualTo(
                        joined(
                                """
                                {"requestContext":{"requestId":"c9b8fa9f-5a7f-4c1d-af9c-0c604cde93a5","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:charge",
                                   "condition":"RetryAttemptsExhausted","approximateInvokeCount":2},
                                 "responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},
                                 "version":"1.0","timestamp":"2026-11-21T09:38:06.021Z",
                                 "KinesisBatchInfo":{"shardId":"shardId-000000000001",
                                   "startSequenceNumber":"00000000000000004722",
                                   "endSequenceNumber":"00000000000000005221",
                                   "approximateArrivalOfFirstRecord":"2026-11-21T09:38:04.835Z","approximateArrivalOfLastRecord":"2026-11-21T09:38:05.580Z",
                                   "batchSize":500,"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}}
                                """));
    }

    // STR-8: what the handler reported itself is no function error.
    @Test
    void shouldWriteNullForTheErrorOfAFunctionThatReportedItsFailures() {
        FailureFacts facts = facts("id", Condition.RETRY_ATTEMPTS_EXHAUSTED, 4, Optional.empty());
        String expected =
                "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":null},";

        assertThat(FailureRecords.ofStreamBatch(facts, ONE, STREAM).text()).contains(expected);
        assertThat(FailureRecords.ofKafkaBatch(facts, ONE, MANAGED, 1).text()).contains(expected);
    }

    // STR-4, STR-8
    @Test
    void shouldRenderAnExpiredEventOfAStreamWithoutResponseContext() {
        FailureFacts facts =
                new FailureFacts(
                        "0d0f5d0c-3b1e-4a0e-8f0c-6a4f6f3f1c77",
                        FUNCTION,
                        "$LATEST",
                        Condition.RECORD_AGE_EXCEEDED,
                        0,
                        Optional.of(FailureFacts.UNHANDLED),
                        Instant.parse("2026-11-21T09:41:06.021Z"));

        assertThat(FailureRecords.ofStreamBatch(facts, ONE, STREAM).text())
                .isEqualTo(
                        joined(
                                """
                                {"requestContext":{"requestId":"0d0f5d0c-3b1e-4a0e-8f0c-6a4f6f3f1c77","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:charge",
                                   "condition":"RecordAgeExceeded","approximateInvokeCount":1},
                                 "version":"1.0","timestamp":"2026-11-21T09:41:06.021Z",
                                 "KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"00000000000000004722",
                                   "endSequenceNumber":"00000000000000004722","approximateArrivalOfFirstRecord":"2026-11-21T09:39:04.835Z",
                                   "approximateArrivalOfLastRecord":"2026-11-21T09:39:04.835Z","batchSize":1,"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}}
                                """));
    }

    @Test
    void shouldKeepTheCountOfAnEventThatExpiredWhileItWasRetried() {
        FailureFacts facts = facts("id", Condition.RECORD_AGE_EXCEEDED, 8, Optional.empty());

        assertThat(FailureRecords.ofStreamBatch(facts, ONE, STREAM).text())
                .contains("\"condition\":\"RecordAgeExceeded\",\"approximateInvokeCount\":8}");
    }

    // DEF-2
    @Test
    void shouldCountNoInvocationOfAnEventThatIsTooLarge() {
        FailureFacts facts =
                facts("id", Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED, 3, Optional.of("Unhandled"));
        String expected =
                "\"condition\":\"MaximumPayloadSizeExceeded\",\"approximateInvokeCount\":0},";

        assertThat(FailureRecords.ofStreamBatch(facts, ONE, STREAM).text())
                .contains(expected + "\"version\":\"1.0\"")
                .doesNotContain("responseContext");
        assertThat(FailureRecords.ofKafkaBatch(facts, ONE, MANAGED, 7_000_000).text())
                .contains(expected + "\"responseContext\":null,\"version\":\"1.0\"");
        assertThat(
                        FailureRecords.ofKafkaRecord(
                                        facts, ORDER, TimestampType.CREATE_TIME, MANAGED)
                                .text())
                .contains(expected + "\"responseContext\":null,\"version\":\"1.0\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEMA_NOT_FOUND", "DESERIALIZATION_ERROR"})
    void shouldHaveNoAnswerToWhatWasNeverHandedOut(Condition condition) {
        FailureFacts facts = facts("id", condition, 0, Optional.empty());

        assertThat(FailureRecords.ofKafkaBatch(facts, ONE, MANAGED, 1).text())
                .contains(
                        "\"condition\":\""
                                + condition.name()
                                + "\",\"approximateInvokeCount\":0},\"responseContext\":null,");
    }

    // KAF-8
    @Test
    void shouldRenderABatchOfKafkaRecords() {
        FailureFacts facts =
                facts(
                        "316aa6d0-8154-4f27-a6d0-0b2d5e0a7f5d",
                        Condition.RETRY_ATTEMPTS_EXHAUSTED,
                        1,
                        Optional.of(FailureFacts.UNHANDLED));

        assertThat(FailureRecords.ofKafkaBatch(facts, FIVE_HUNDRED, MANAGED, 2_039_086).text())
                .isEqualTo(
                        joined(
                                """
                                {"requestContext":{"requestId":"316aa6d0-8154-4f27-a6d0-0b2d5e0a7f5d","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:charge",
                                   "condition":"RetryAttemptsExhausted","approximateInvokeCount":1},
                                 "responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},
                                 "version":"1.0","timestamp":"2026-11-21T09:38:06.021Z",
                                 "KafkaBatchInfo":{"batchSize":500,"eventSourceArn":"arn:aws:kafka:us-east-1:123456789012:cluster/c1/3c4d","bootstrapServers":"kafka-1:9092,kafka-2:9092",
                                   "payloadSize":2039086,
                                   "recordsInfo":{"orders-0":{"firstRecordOffset":"4722","lastRecordOffset":"5221",
                                     "firstRecordTimestamp":"2026-11-21T09:38:04.835Z","lastRecordTimestamp":"2026-11-21T09:38:05.580Z"}}}}
                                """));
    }

    // KAF-8, DEF-17: the form for topics.
    @Test
    void shouldRenderOneKafkaRecordWithItsContents() {
        FailureFacts facts =
                facts(
                        "316aa6d0-8154-4f27-a6d0-0b2d5e0a7f5d",
                        Condition.RETRY_ATTEMPTS_EXHAUSTED,
                        1,
                        Optional.of(FailureFacts.UNHANDLED));
        String payload =
                joined(
                        """
                        {"bootstrapServers":"kafka-1:9092,kafka-2:9092","eventSource":"aws:kafka",
                         "eventSourceArn":"arn:aws:kafka:us-east-1:123456789012:cluster/c1/3c4d",
                         "records":{"orders-0":[
                        """
                                + ORDER_JSON
                                + "]}}");

        assertThat(
                        FailureRecords.ofKafkaRecord(
                                        facts, ORDER, TimestampType.CREATE_TIME, MANAGED)
                                .text())
                .isEqualTo(
                        joined(
                                                """
                                                {"requestContext":{"requestId":"316aa6d0-8154-4f27-a6d0-0b2d5e0a7f5d","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:charge",
                                                   "condition":"RetryAttemptsExhausted","approximateInvokeCount":1},
                                                 "responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},
                                                 "version":"1.0","timestamp":"2026-11-21T09:38:06.021Z",
                                                 "KafkaBatchInfo":{"batchSize":1,"eventSourceArn":"arn:aws:kafka:us-east-1:123456789012:cluster/c1/3c4d","bootstrapServers":"kafka-1:9092,kafka-2:9092",
                                                   "payloadSize":SIZE,
                                                   "recordInfo":{"offset":"15","timestamp":"2026-11-21T09:00:00.837Z"}},
                                                 "payload":
                                                """)
                                        .replace(
                                                "SIZE",
                                                ""
                                                        + payload.getBytes(StandardCharsets.UTF_8)
                                                                .length)
                                + payload
                                + "}");
    }

    // EVT-17, DEF-17
    @Test
    void shouldLeaveTheArnOutForASelfManagedCluster() {
        FailureFacts facts = facts("id", Condition.RETRY_ATTEMPTS_EXHAUSTED, 1, Optional.empty());

        String record =
                FailureRecords.ofKafkaRecord(
                                facts, ORDER, TimestampType.LOG_APPEND_TIME, SELF_MANAGED)
                        .text();

        assertThat(record)
                .doesNotContain("eventSourceArn")
                .contains("\"KafkaBatchInfo\":{\"batchSize\":1,\"bootstrapServers\":")
                .contains("\"eventSource\":\"SelfManagedKafka\",\"records\":")
                .contains("\"timestampType\":\"LOG_APPEND_TIME\"");
        assertThat(FailureRecords.ofKafkaBatch(facts, ONE, SELF_MANAGED, 1).text())
                .doesNotContain("eventSourceArn");
    }

    @Test
    void shouldWriteThreeDecimalsWhateverTheTime() {
        FailureFacts facts =
                new FailureFacts(
                        "id",
                        FUNCTION,
                        "7",
                        Condition.RETRY_ATTEMPTS_EXHAUSTED,
                        1,
                        Optional.empty(),
                        Instant.parse("2026-11-21T09:38:06Z"));

        assertThat(FailureRecords.ofStreamBatch(facts, ONE, STREAM).text())
                .contains("\"timestamp\":\"2026-11-21T09:38:06.000Z\"")
                .contains("\"executedVersion\":\"7\"");
    }

    // EVT-18, EVT-20, DEF-19
    @Test
    void shouldLeaveOutWhatIsNullAndKeepHeadersAsTheyAre() {
        RawEvent tombstone =
                new RawEvent(
                        new EventPosition(new PartitionId("or\"ders", 2), Long.MAX_VALUE),
                        Payload.NULL,
                        Payload.NULL,
                        List.of(
                                new Header("b", Payload.of(new byte[] {-1, 0, 127, -128})),
                                new Header("a", Payload.NULL),
                                new Header("b", Payload.of(""))),
                        -1);

        assertThat(KafkaRecordJson.of(tombstone, TimestampType.CREATE_TIME))
                .isEqualTo(
                        "{\"topic\":\"or\\\"ders\",\"partition\":2,\"offset\":9223372036854775807,"
                                + "\"timestamp\":-1,\"timestampType\":\"CREATE_TIME\","
                                + "\"headers\":[{\"b\":[255,0,127,128]},{\"a\":[]},{\"b\":[]}]}");
    }

    @Test
    void shouldKeepAnEmptyKeyAndValueApartFromNull() {
        RawEvent empty =
                new RawEvent(ORDER.position(), Payload.of(""), Payload.of(""), List.of(), 0);

        assertThat(KafkaRecordJson.of(empty, TimestampType.CREATE_TIME))
                .contains("\"key\":\"\",\"value\":\"\",\"headers\":[]");
    }

    // EVT-19
    @Test
    void shouldRenderTheRecordOfTheSample() {
        assertThat(KafkaRecordJson.of(ORDER, TimestampType.CREATE_TIME))
                .isEqualTo(joined(ORDER_JSON));
    }

    private static FailureFacts facts(
            String requestId, Condition condition, int count, Optional<String> error) {
        return new FailureFacts(
                requestId,
                FUNCTION,
                "$LATEST",
                condition,
                count,
                error,
                Instant.parse("2026-11-21T09:38:06.021Z"));
    }

    /** The sample without its line breaks and the spaces that begin a line. */
    private static String joined(String sample) {
        return sample.replaceAll("\n *", "");
    }
}
