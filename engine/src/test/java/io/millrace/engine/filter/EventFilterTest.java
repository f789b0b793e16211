package io.millrace.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class EventFilterTest {
    private static final String GOOD = "{\"topic\":[\"orders\"]}";

    // FIL-3: what Lambda was seen to refuse, and what it must refuse as well.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"paid\"",
                "paid",
                "",
                "[]",
                "{}",
                "{\"value\":",
                "{\"value\":{\"a\":[1]}} more",
                "{\"value\":{\"a\":\"x\"}}",
                "{\"value\":{\"a\":1}}",
                "{\"value\":{\"a\":{\"prefix\":\"x\"}}}",
                "{\"value\":{\"a\":[]}}",
                "{\"value\":{}}",
                "{\"value\":{\"a\":[{\"like\":\"x\"}]}}",
                "{\"value\":{\"a\":[{\"numeric\":[\">\"]}]}}",
                "{\"value\":{\"a\":[{\"numeric\":[\">\",\"1\"]}]}}",
                "{\"value\":{\"a\":[{\"numeric\":[\">\",5,\"<\",1]}]}}",
                "{\"value\":{\"a\":[{\"exists\":\"yes\"}]}}",
                "{\"value\":{\"a\":[{\"cidr\":\"10.0.0.0/99\"}]}}",
                "{\"value\":{\"a\":[{\"wildcard\":\"a**b\"}]}}",
                "{\"$or\":[{\"topic\":[\"a\"]}]}"
            })
    void shouldRefuseAPatternThatIsNotOne(String pattern) {
        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventFilter.compile(List.of(GOOD, pattern)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID))
                .withMessageStartingWith("filter pattern 2 of 2 '" + pattern + "' is invalid: ")
                .withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"valeu", "body", "data", "headers", "topic.name", "keys"})
    void shouldRefuseAFieldThatNoEventHas(String field) {
        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventFilter.compile(List.of("{\"" + field + "\":[\"x\"]}")))
                .withMessageContaining("no event has a field '" + field + "'");
    }

    @Test
    void shouldRefuseAPatternOfMoreThan4096Characters() {
        String longest = "{\"topic\":[\"" + "x".repeat(4_096 - 14) + "\"]}";
        assertThat(longest).hasSize(4_096);
        EventFilter.compile(List.of(longest));

        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventFilter.compile(List.of(longest + " ")))
                .withMessageContaining("has 4097 characters; allowed: 4096");
    }

    @Test
    void shouldRefuseMoreThanTenPatterns() {
        EventFilter.compile(Collections.nCopies(10, GOOD));

        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventFilter.compile(Collections.nCopies(11, GOOD)))
                .withMessage("number of filter patterns '11' is not allowed; allowed: at most 10");
    }

    @Test
    @Timeout(10)
    void shouldRefuseAlternativesThatWouldFillTheMemory() {
        String twoEach =
                IntStream.range(0, 60)
                        .mapToObj(i -> "\"f" + i + "\":{\"$or\":[{\"a\":[1]},{\"b\":[1]}]}")
                        .collect(Collectors.joining(","));

        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventFilter.compile(List.of("{\"value\":{" + twoEach + "}}")))
                .withMessageContaining("more than 1000 combinations");
    }

    @Test
    @Timeout(10)
    void shouldRefuseWildcardsThatWouldTakeTooLong() {
        String stars = "*a".repeat(1_000);

        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() ->
                        EventFilter.compile(
                                List.of("{\"value\":{\"a\":[{\"wildcard\":\"" + stars + "\"}]}}")))
                .withMessageContaining("too complex");
    }

    @Test
    @Timeout(20)
    void shouldFailAnEventWithTooManyCombinationsInsteadOfMatchingForMinutes() {
        String numbers =
                IntStream.range(0, 50_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(","));
        String value = "{\"a\":[" + numbers + "],\"b\":[" + numbers + "]}";

        FilterVerdict verdict = test("{\"value\":{\"a\":[{\"exists\":true}],\"b\":[-1]}}", value);

        assertThat(failureOf(verdict))
                .isEqualTo(
                        new Failure(
                                Failure.Kind.FILTER_FAILED,
                                "FilterError",
                                "the event has 100004 values in fields of the filter: too many"
                                        + " combinations"));
    }

    @Test
    @Timeout(20)
    void shouldFailALongTextThatManyWildcardsWouldBeTriedOn() {
        FilterVerdict verdict =
                test(
                        "{\"value\":{\"a\":[{\"wildcard\":\"" + "*a".repeat(40) + "*\"}]}}",
                        "{\"a\":\"" + "a".repeat(1_000_000) + "\"}");

        assertThat(failureOf(verdict).message()).endsWith("too many combinations");
    }

    @Test
    @Timeout(20)
    void shouldFailTwoLongListsThatWouldBeJoined() {
        String list =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> "{\"x\":" + i + "}")
                        .collect(Collectors.joining(","));

        FilterVerdict verdict =
                test(
                        "{\"value\":{\"a\":{\"x\":[{\"exists\":true}]},\"b\":{\"x\":[-1]}}}",
                        "{\"a\":[" + list + "],\"b\":[" + list + "]}");

        assertThat(failureOf(verdict).message()).endsWith("too many combinations");
    }

    @Test
    @Timeout(20)
    void shouldMatchTheManyValuesOfAnOrdinaryLargeEvent() {
        String items =
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "{\"sku\":\"s-" + i + "\",\"n\":" + i + "}")
                        .collect(Collectors.joining(","));

        FilterVerdict verdict =
                test(
                        "{\"value\":{\"items\":{\"sku\":[\"s-19999\"],\"n\":[19999]}}}",
                        "{\"items\":[" + items + "]}");

        assertThat(verdict).isEqualTo(FilterVerdict.ACCEPTED);
    }

    @Test
    void shouldFailAValueAboveTheBound() {
        String edge = "{\"a\":\"" + "x".repeat(EventFilter.MAX_JSON_SIZE - 8) + "\"}";
        String pattern = "{\"value\":{\"a\":[{\"prefix\":\"x\"}]}}";
        assertThat(test(pattern, edge)).isEqualTo(FilterVerdict.ACCEPTED);

        FilterVerdict verdict = test(pattern, edge + " ");

        assertThat(failureOf(verdict).message())
                .isEqualTo("the value has 1048577 bytes; filters look at 1048576 bytes at most");
    }

    @Test
    void shouldNotCareAboutTheSizeOfAValueThatNoPatternNames() {
        FilterVerdict verdict = test(GOOD, "x".repeat(EventFilter.MAX_JSON_SIZE + 1));

        assertThat(verdict).isEqualTo(FilterVerdict.ACCEPTED);
    }

    @Test
    void shouldFailAKeyAboveTheBound() {
        FilterVerdict verdict =
                EventFilter.compile(List.of("{\"key\":[\"x\"]}"))
                        .test(event(Payload.of("x".repeat(2_000_000)), Payload.of("v")));

        assertThat(failureOf(verdict).message()).startsWith("the key has 2000000 bytes");
    }

    @Test
    void shouldFailJsonThatIsNestedTooDeeplyRatherThanTakeItForText() {
        String deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);

        FilterVerdict verdict = test("{\"value\":{\"a\":[1]}}", deep);

        assertThat(failureOf(verdict).message()).startsWith("the value is extreme: ");
    }

    @Test
    void shouldFilterByMetadataAloneWhenAValueIsNotUtf8() {
        Payload broken = Payload.of(new byte[] {'{', (byte) 0xFF, '}'});
        String value = "\"value\":{\"a\":[1]}";

        assertThat(test("{" + value + "}", broken)).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":[\"x\"]}", broken)).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{" + value + ",\"partition\":[3]}", broken))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{" + value + ",\"partition\":[4]}", broken))
                .isEqualTo(FilterVerdict.REJECTED);
    }

    @Test
    void shouldTakeALargeValueThatIsNotUtf8ForWhatItIs() {
        byte[] picture = new byte[2_000_000];
        picture[0] = (byte) 0xFF;

        assertThat(test("{\"value\":{\"a\":[1]},\"partition\":[4]}", Payload.of(picture)))
                .isEqualTo(FilterVerdict.REJECTED);
    }

    @Test
    void shouldFindNothingInATombstone() {
        assertThat(test("{\"value\":{\"a\":[1]}}", Payload.NULL)).isEqualTo(FilterVerdict.REJECTED);
        assertThat(test("{\"value\":[\"\"]}", Payload.NULL)).isEqualTo(FilterVerdict.REJECTED);
        assertThat(test("{\"value\":[null]}", Payload.NULL)).isEqualTo(FilterVerdict.REJECTED);
        assertThat(test("{\"value\":[{\"exists\":true}]}", Payload.NULL))
                .isEqualTo(FilterVerdict.REJECTED);
        assertThat(test("{\"value\":[{\"exists\":false}]}", Payload.NULL))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":{\"a\":[{\"exists\":false}]}}", Payload.NULL))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test(GOOD, Payload.NULL)).isEqualTo(FilterVerdict.ACCEPTED);
    }

    @Test
    void shouldFindAnEmptyValueToBeAnEmptyText() {
        assertThat(test("{\"value\":[\"\"]}", "")).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":[\"x\"]}", "")).isEqualTo(FilterVerdict.REJECTED);
    }

    @Test
    void shouldFindNothingInAKeyThatIsNull() {
        Event event = event(Payload.NULL, Payload.of("v"));

        assertThat(EventFilter.compile(List.of("{\"key\":[\"x\"]}")).test(event))
                .isEqualTo(FilterVerdict.REJECTED);
        assertThat(EventFilter.compile(List.of("{\"key\":[{\"exists\":false}]}")).test(event))
                .isEqualTo(FilterVerdict.ACCEPTED);
    }

    @Test
    void shouldJudgeKeyAndValueByTheirOwnForms() {
        EventFilter filter =
                EventFilter.compile(List.of("{\"key\":[\"k\"],\"value\":{\"a\":[1]}}"));

        assertThat(filter.test(event(Payload.of("k"), Payload.of("{\"a\":1}"))))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(filter.test(event(Payload.of("l"), Payload.of("{\"a\":1}"))))
                .isEqualTo(FilterVerdict.REJECTED);
        assertThat(filter.test(event(Payload.of("l"), Payload.of("text"))))
                .isEqualTo(FilterVerdict.REJECTED);
        assertThat(filter.test(event(Payload.of("k"), Payload.of("text"))))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(filter.test(event(Payload.of("{}"), Payload.of("{\"a\":2}"))))
                .isEqualTo(FilterVerdict.REJECTED);
    }

    @Test
    void shouldAcceptWhatOneOfSeveralPatternsMatches() {
        EventFilter filter =
                EventFilter.compile(List.of("{\"value\":{\"a\":[1]}}", "{\"value\":{\"b\":[2]}}"));

        assertThat(filter.test(event("{\"a\":1,\"b\":1}"))).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(filter.test(event("{\"a\":2,\"b\":2}"))).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(filter.test(event("{\"a\":2,\"b\":1}"))).isEqualTo(FilterVerdict.REJECTED);
    }

    @Test
    void shouldAcceptEverythingWithoutPatterns() {
        assertThat(EventFilter.compile(List.of()).test(event(Payload.NULL, Payload.NULL)))
                .isEqualTo(FilterVerdict.ACCEPTED);
    }

    // FIL-4 says that 300 and 300.0 differ. Event-ruler, which EventBridge itself runs on, compares
    // their values, and so do we: a number that came from Avro has no text of its own.
    @Test
    void shouldCompareNumbersByValueUnlikeTheDocumentation() {
        assertThat(test("{\"value\":{\"n\":[300]}}", "{\"n\":300.0}"))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":{\"n\":[300]}}", "{\"n\":3.0e2}"))
                .isEqualTo(FilterVerdict.ACCEPTED);
    }

    // JSON leaves open which of two fields of one name counts; event-ruler tries both.
    @Test
    void shouldTryBothFieldsOfOneName() {
        assertThat(test("{\"value\":{\"a\":[1]}}", "{\"a\":1,\"a\":2}"))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":{\"a\":[2]}}", "{\"a\":1,\"a\":2}"))
                .isEqualTo(FilterVerdict.ACCEPTED);
    }

    @Test
    void shouldGiveTheSameVerdictsOnManyThreads() {
        EventFilter filter =
                EventFilter.compile(List.of("{\"value\":{\"n\":[{\"numeric\":[\"<\",500]}]}}"));

        long accepted =
                IntStream.range(0, 20_000)
                        .parallel()
                        .filter(i ->
                                filter.test(event("{\"n\":" + i % 1_000 + "}"))
                                        .equals(FilterVerdict.ACCEPTED))
                        .count();

        assertThat(accepted).isEqualTo(10_000);
    }

    private static Failure failureOf(FilterVerdict verdict) {
        return assertThat(verdict)
                .asInstanceOf(type(FilterVerdict.Failed.class))
                .actual()
                .failure();
    }

    private static FilterVerdict test(String pattern, String value) {
        return test(pattern, Payload.of(value));
    }

    private static FilterVerdict test(String pattern, Payload value) {
        return EventFilter.compile(List.of(pattern)).test(event(Payload.of("k"), value));
    }

    private static Event event(String value) {
        return event(Payload.of("k"), Payload.of(value));
    }

    private static Event event(Payload key, Payload value) {
        return new Event(
                new RawEvent(
                        new EventPosition(Samples.PARTITION, 100), key, value, List.of(), 1_000),
                new DecodedValue.Bytes(value));
    }
}
