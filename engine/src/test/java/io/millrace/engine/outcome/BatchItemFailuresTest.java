package io.millrace.engine.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.outcome.BatchItemFailures.Form;
import io.millrace.engine.outcome.BatchItemFailures.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

final class BatchItemFailuresTest {
    /** Offsets 98 to 102 of orders-0, at places 0 to 4. */
    private static final List<EventPosition> BATCH =
            LongStream.range(98, 103)
                    .mapToObj(offset -> new EventPosition(new PartitionId("orders", 0), offset))
                    .toList();

    // STR-7, SQS-6, KAF-6: each answer that is a full failure.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"foo\":123}]}",
                "{\"batchItemFailures\":[{\"foo\":null}]}",
                "{\"batchItemFailures\":[{\"foo\":\"notvalid\"}]}",
                "{\"batchItemFailures\":[{}]}",
                "{\"batchItemFailures\":[null]}",
                "{\"batchItemFailures\":[\"100\"]}",
                "{\"batchItemFailures\":[[]]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"unknown\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":{}}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":[]}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":true}]}",
                "{\"batchItemFailures\":{}}",
                "{\"batchItemFailures\":\"100\"}",
                "{\"batchItemFailures\":0}",
                "{\"BatchItemFailures\":[]}",
                "{\"batch_item_failures\":[{\"itemIdentifier\":\"100\"}]}",
                "{",
                "not json",
                "{} {}",
                "\"done\"",
                "5",
                "true",
                "[1]"
            })
    void shouldFailTheWholeBatch(String answer) {
        for (Form form : Form.values()) {
            assertThat(BatchItemFailures.parse(answer, form, BATCH))
                    .as("%s", form)
                    .isInstanceOf(Result.WholeBatchFailed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailTheWholeBatchWhenOneOfSeveralItemsIsWrong(Form form) {
        String answer =
                "{\"batchItemFailures\":["
                        + switch (form) {
                            case STREAM -> "{\"itemIdentifier\":\"100\"}";
                            case QUEUE -> "{\"itemIdentifier\":\"orders-0-100\"}";
                            case KAFKA ->
                                    "{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":100}}";
                        }
                        + ",{\"itemIdentifier\":\"\"}]}";

        assertThat(BatchItemFailures.parse(answer, form, BATCH))
                .isInstanceOf(Result.WholeBatchFailed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "97",
                "103",
                "-98",
                "+98",
                "98.0",
                " 98",
                "9e1",
                "orders-0-98",
                "٩٨",
                "0000000000000000000098",
                "99999999999999999999"
            })
    void shouldFailTheWholeBatchForASequenceNumberThatIsNotInIt(String identifier) {
        assertThat(stream("\"" + identifier + "\"")).isInstanceOf(Result.WholeBatchFailed.class);
    }

    @Test
    void shouldFailTheWholeBatchForASequenceNumberThatIsNoText() {
        assertThat(stream("100")).isInstanceOf(Result.WholeBatchFailed.class);
    }

    // DEF-13
    @ParameterizedTest
    @ValueSource(strings = {"100", "orders-0-97", "orders-1-100", "ORDERS-0-100", "orders-0-0100"})
    void shouldFailTheWholeBatchForAMessageIdThatIsNotInIt(String identifier) {
        assertThat(queue("\"" + identifier + "\"")).isInstanceOf(Result.WholeBatchFailed.class);
    }

    // KAF-6: an invalid partition or offset.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"partition\":\"orders-1\",\"offset\":100}",
                "{\"partition\":\"orders\",\"offset\":100}",
                "{\"partition\":\"\",\"offset\":100}",
                "{\"partition\":null,\"offset\":100}",
                "{\"partition\":0,\"offset\":100}",
                "{\"partition\":\"orders-0\",\"offset\":97}",
                "{\"partition\":\"orders-0\",\"offset\":\"100\"}",
                "{\"partition\":\"orders-0\",\"offset\":100.0}",
                "{\"partition\":\"orders-0\",\"offset\":-100}",
                "{\"partition\":\"orders-0\",\"offset\":null}",
                "{\"partition\":\"orders-0\"}",
                "{\"offset\":100}",
                "\"orders-0-100\""
            })
    void shouldFailTheWholeBatchForAPositionThatIsNotInIt(String identifier) {
        assertThat(kafka(identifier)).isInstanceOf(Result.WholeBatchFailed.class);
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertThat(stream("\"97\""))
                .isEqualTo(
                        new Result.WholeBatchFailed("itemIdentifier \"97\" is not in the batch"));
        assertThat(
                        BatchItemFailures.parse(
                                "{\"batchItemFailures\":[{\"foo\":1}]}", Form.KAFKA, BATCH))
                .isEqualTo(
                        new Result.WholeBatchFailed(
                                "an item of 'batchItemFailures' has no itemIdentifier with a"
                                        + " partition as text and an offset as number: {\"foo\":1}"));
        assertThat(BatchItemFailures.parse("{\"batchitemfailures\":[]}", Form.STREAM, BATCH))
                .isEqualTo(
                        new Result.WholeBatchFailed(
                                "the answer has 'batchitemfailures' instead of"
                                        + " 'batchItemFailures'"));
    }

    // STR-7, SQS-6, KAF-6: each answer that is a full success.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "\"\"",
                "null",
                "{}",
                "[]",
                "{\"batchItemFailures\":[]}",
                "{\"batchItemFailures\":null}",
                "{\"state\":{\"total\":1}}",
                "{\"state\":{},\"batchItemFailures\":[]}"
            })
    void shouldTakeAnAnswerWithoutFailuresForFullSuccess(String answer) {
        for (Form form : Form.values()) {
            assertThat(BatchItemFailures.parse(answer, form, BATCH))
                    .as("%s", form)
                    .isEqualTo(new Result.AllSucceeded());
        }
    }

    // STR-7: the lowest one is the checkpoint.
    @Test
    void shouldFailEverythingFromTheCheckpointOfAStream() {
        assertThat(stream("\"102\"")).isEqualTo(failed(4));
        assertThat(stream("\"101\"", "\"100\"")).isEqualTo(failed(2, 3, 4));
        assertThat(stream("\"98\"")).isEqualTo(failed(0, 1, 2, 3, 4));
        assertThat(stream("\"101\"", "\"101\"")).isEqualTo(failed(3, 4));
    }

    // DEF-19: our sequence numbers have 20 digits.
    @Test
    void shouldTakeASequenceNumberWithLeadingZeros() {
        assertThat(stream("\"00000000000000000101\"")).isEqualTo(failed(3, 4));
    }

    @Test
    void shouldKnowTheFirstOffsetOfAPartition() {
        List<EventPosition> batch = List.of(new EventPosition(new PartitionId("orders", 0), 0));

        assertThat(
                        BatchItemFailures.parse(
                                "{\"batchItemFailures\":[{\"itemIdentifier\":\"00\"}]}",
                                Form.STREAM,
                                batch))
                .isEqualTo(failed(0));
    }

    // SQS-6: only the listed ones.
    @Test
    void shouldFailOnlyTheListedMessagesOfAQueue() {
        assertThat(queue("\"orders-0-100\"")).isEqualTo(failed(2));
        assertThat(queue("\"orders-0-102\"", "\"orders-0-98\"")).isEqualTo(failed(0, 4));
    }

    // DEF-16: only the reported offsets.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"100 | 2", "98 | 0", "102 | 4"})
    void shouldFailOnlyTheListedOffsetsOfKafka(long offset, int place) {
        assertThat(kafka("{\"partition\":\"orders-0\",\"offset\":" + offset + "}"))
                .isEqualTo(failed(place));
    }

    @Test
    void shouldFailSeveralOffsetsOfKafkaWithoutThoseBetween() {
        assertThat(
                        kafka(
                                "{\"partition\":\"orders-0\",\"offset\":102}",
                                "{\"partition\":\"orders-0\",\"offset\":100,\"more\":1}"))
                .isEqualTo(failed(2, 4));
    }

    private static Result failed(Integer... indexes) {
        return new Result.Failed(new TreeSet<>(Arrays.asList(indexes)));
    }

    private static Result stream(String... identifiers) {
        return parse(Form.STREAM, identifiers);
    }

    private static Result queue(String... identifiers) {
        return parse(Form.QUEUE, identifiers);
    }

    private static Result kafka(String... identifiers) {
        return parse(Form.KAFKA, identifiers);
    }

    private static Result parse(Form form, String... identifiers) {
        StringBuilder items = new StringBuilder();
        for (String identifier : identifiers) {
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"itemIdentifier\":")
                    .append(identifier)
                    .append('}');
        }
        return BatchItemFailures.parse("{\"batchItemFailures\":[" + items + "]}", form, BATCH);
    }

    @Test
    void shouldFailEveryEventOfANameThatTwoHave() {
        var naming = new BatchItemFailures.Naming(Form.QUEUE, List.of("a", "b", "a"), false);

        assertThat(
                        BatchItemFailures.parse(
                                "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"}]}", naming))
                .isEqualTo(new Result.Failed(new TreeSet<>(Set.of(0, 2))));
    }

    @Test
    void shouldTakeASequenceNumberOfTwentyOneDigits() {
        var naming = new BatchItemFailures.Naming(Form.STREAM, List.of("7", "8"), true);

        assertThat(
                        BatchItemFailures.parse(
                                "{\"batchItemFailures\":[{\"itemIdentifier\":"
                                        + "\"000000000000000000008\"}]}",
                                naming))
                .isEqualTo(new Result.Failed(new TreeSet<>(Set.of(1))));
    }
}
