package io.millrace.it.prove.core;

import static io.millrace.it.prove.core.Sights.SENT;
import static io.millrace.it.prove.core.Sights.START;
import static io.millrace.it.prove.core.Sights.attempt;
import static io.millrace.it.prove.core.Sights.changed;
import static io.millrace.it.prove.core.Sights.event;
import static io.millrace.it.prove.core.Sights.letter;
import static io.millrace.it.prove.core.Sights.result;
import static io.millrace.it.prove.core.Sights.twice;
import static io.millrace.it.prove.core.Sights.without;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class FailureChecksTest {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration GREATEST = Duration.ofMillis(150);
    private static final Duration SLACK = Duration.ofMillis(50);
    private static final Line FINE = event(0, "a", "fail:1");
    private static final Line BAD = event(1, "b", "poison:1");

    private final Seen good =
            Seen.NOTHING
                    .withEvents(List.of(FINE, BAD))
                    .withResults(List.of(result(FINE, 2, SENT + 5)))
                    .withNotices(List.of(result(FINE, 2, SENT + 5)))
                    .withLetters(List.of(letter(BAD, "RetryAttemptsExhausted", 3)))
                    .withFailures(List.of(failureRecord()))
                    .withAttempts(
                            List.of(
                                    attempt(0, 1, START),
                                    attempt(0, 2, START.plusMillis(90)),
                                    attempt(1, 1, START),
                                    attempt(1, 2, START.plusMillis(90)),
                                    attempt(1, 3, START.plusMillis(220))))
                    .withMarks(Map.of(0, 2L), Map.of(0, 2L));

    private static Line failureRecord() {
        String payload =
                """
                {"bootstrapServers":"b:1","eventSource":"SelfManagedKafka","records":{"events-0":[{"topic":"events",\
                "partition":0,"offset":1,"timestamp":1700000000123,"timestampType":"CREATE_TIME","key":"%s",\
                "value":"%s","headers":[{"own":[49]},{"own":[]}]}]}}\
                """
                        .formatted(base64("b"), base64("poison:1"));
        String text =
                """
                {"requestContext":{"requestId":"r-1","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:t",\
                "condition":"RetryAttemptsExhausted","approximateInvokeCount":3},"responseContext":{"statusCode":200,\
                "executedVersion":"$LATEST","functionError":"Unhandled"},"version":"1.0","timestamp":"2023-11-14T22:13:21.000Z",\
                "KafkaBatchInfo":{"batchSize":1,"bootstrapServers":"b:1","payloadSize":%d,"recordInfo":{"offset":"1",\
                "timestamp":"2023-11-14T22:13:20.123Z"}},"payload":%s}\
                """
                        .formatted(payload.length(), payload);
        return new Line(0, 0, SENT, Optional.of("b"), Optional.of(text), List.of());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Check> judge(Seen seen) {
        return List.of(
                FailureChecks.oneEndEach(seen),
                FailureChecks.attemptsCounted(seen, 3),
                FailureChecks.backOffGrows(seen, FIRST, GREATEST, SLACK),
                FailureChecks.lettersAreOriginal(seen),
                FailureChecks.reasonsAreWhole(seen, "t", 3),
                FailureChecks.noticesAreResults(seen),
                FailureChecks.failureRecords(seen, "t", "Unhandled"),
                FailureChecks.offsetsFinished("now", seen));
    }

    private void assertCaught(Seen seen, String... names) {
        assertThat(Sights.failed(judge(seen))).contains(names);
    }

    @Test
    void shouldPassWhatIsRight() {
        assertThat(judge(good)).allMatch(Check::passed);
    }

    @Test
    void shouldCatchAnEventWithoutEndWithTwoAndFromNowhere() {
        assertCaught(good.withResults(List.of()), "every event has one end");
        assertCaught(good.withResults(twice(good.results(), 0)), "every event has one end");
        assertCaught(good.withEvents(without(good.events(), 0)), "every event has one end");
    }

    @Test
    void shouldCatchAnAttemptThatIsMissingTwiceOrOneTooMany() {
        String name = "metered attempts of an event are 1..n";
        assertCaught(good.withAttempts(without(good.attempts(), 3)), name);
        assertCaught(good.withAttempts(twice(good.attempts(), 0)), name);
        assertCaught(
                good.withAttempts(changed(good.attempts(), 1, _ -> attempt(0, 3, START))), name);
    }

    @Test
    void shouldCatchAPauseThatIsTooShortOrTooLongAndNoPauseAtAll() {
        String name = "pauses between attempts grow";
        assertCaught(
                good.withAttempts(
                        changed(good.attempts(), 4, _ -> attempt(1, 3, START.plusMillis(130)))),
                name);
        assertCaught(
                good.withAttempts(
                        List.of(
                                attempt(0, 1, START),
                                attempt(0, 2, START.plusMillis(300)),
                                attempt(1, 1, START),
                                attempt(1, 2, START.plusMillis(300)))),
                name);
        assertCaught(good.withAttempts(List.of()), name);
    }

    @Test
    void shouldCatchALetterThatIsNotItsEvent() {
        String name = "dead letters are the events byte for byte";
        assertCaught(
                good.withLetters(changed(good.letters(), 0, line -> line.withValue("poison"))),
                name);
        assertCaught(
                good.withLetters(changed(good.letters(), 0, line -> line.withHeader("own", "2"))),
                name);
        assertCaught(
                good.withLetters(
                        changed(
                                good.letters(),
                                0,
                                line -> line.withHeader(EventHeaders.SOURCE_TIMESTAMP, "5"))),
                name);
    }

    @ParameterizedTest
    @CsvSource({
        EventHeaders.CONDITION + ",NonRetryable",
        EventHeaders.ATTEMPT + ",2",
        EventHeaders.TRIGGER + ",other",
        EventHeaders.FUNCTION + ",other",
        EventHeaders.VERSION + ",7",
        EventHeaders.ERROR_TYPE + ",''",
        EventHeaders.ERROR_MESSAGE + ",''",
        EventHeaders.NODE + ",''",
        EventHeaders.REQUEST_ID + ",''"
    })
    void shouldCatchAReasonThatIsWrongOrNotThere(String header, String value) {
        assertCaught(
                good.withLetters(
                        changed(good.letters(), 0, line -> line.withHeader(header, value))),
                "dead letters tell the whole reason");
    }

    @Test
    void shouldCatchALetterOfWhatHadToSucceed() {
        assertCaught(
                good.withLetters(List.of(letter(FINE, "RetryAttemptsExhausted", 3))),
                "dead letters tell the whole reason");
    }

    @Test
    void shouldCatchANoticeThatIsMissingOrTwice() {
        String name = "the on-success topic has each result once";
        assertCaught(good.withNotices(List.of()), name);
        assertCaught(good.withNotices(twice(good.notices(), 0)), name);
    }

    @ParameterizedTest
    @CsvSource({
        "r-1,r-2",
        "function:t,function:u",
        "RetryAttemptsExhausted,RetriesExhausted",
        "\"version\":\"1.0\",\"version\":\"2\"",
        "\"statusCode\":200,\"statusCode\":500",
        "$LATEST,1",
        "Unhandled,Handled",
        "\"batchSize\":1,\"batchSize\":2",
        "\"offset\":\"1\",\"offset\":\"2\"",
        "20.123Z,20.124Z",
        "\"value\":,\"valve\":",
        "\"key\":,\"kex\":",
        "{\"own\":[49]},{\"own\":[49]}|{}",
        "\"payloadSize\":,\"payloadSize\":1"
    })
    void shouldCatchAFieldOfAFailureRecordThatIsNotAsItHasToBe(String from, String to) {
        assertCaught(
                good.withFailures(
                        changed(
                                good.failures(),
                                0,
                                line ->
                                        line.withValue(
                                                line.text()
                                                        .replaceFirst(
                                                                java.util.regex.Pattern.quote(from),
                                                                java.util.regex.Matcher
                                                                        .quoteReplacement(
                                                                                to.replace(
                                                                                        '|',
                                                                                        ',')))))),
                "failure records are as KAF-8 has them");
    }

    @Test
    void shouldCatchAFailureRecordThatIsMissingOrTwice() {
        String name = "failure records are as KAF-8 has them";
        assertCaught(good.withFailures(List.of()), name);
        assertCaught(good.withFailures(twice(good.failures(), 0)), name);
    }

    @Test
    void shouldCatchAMarkThatIsNotAtTheEndOrNotThere() {
        assertCaught(
                good.withMarks(Map.of(0, 1L), Map.of(0, 2L)), "committed offsets are the ends now");
        assertCaught(good.withMarks(Map.of(), Map.of()), "committed offsets are the ends now");
    }
}
