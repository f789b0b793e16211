package io.millrace.engine.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.execute.EventDocuments.Rendered;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.render.RenderSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A handler names what failed by what stands in its document, and these events are meant. */
final class RenderedEventsTest {
    private static final String PARTITION = Samples.PARTITION.toString();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SQS | {\"itemIdentifier\":\"no-such-message\"}",
                "SQS | {\"itemIdentifier\":\"\"}",
                "SQS | {\"itemIdentifier\":null}",
                "SQS | {\"foo\":1}",
                "KINESIS | {\"itemIdentifier\":\"99\"}",
                "KINESIS | {\"itemIdentifier\":1}",
                "KAFKA | {\"itemIdentifier\":\"1\"}",
                "KAFKA | {\"itemIdentifier\":{\"partition\":\"other-0\",\"offset\":1}}"
            })
    void shouldFailTheWholeBatchForANameThatIsNotInIt(EventFormat format, String item) {
        Rendered rendered = rendered(format, format.partialAnswer(LanePolicy.BY_PARTITION));

        AttemptEnd end = rendered.answers().apply("{\"batchItemFailures\":[" + item + "]}");

        assertThat(end).isInstanceOf(AttemptEnd.Failed.class);
    }

    @Test
    void shouldFailTheMessageThatIsNamed() {
        Rendered rendered = rendered(EventFormat.SQS, PartialAnswer.ITEMS);
        String second = all(rendered, "\"messageId\":\"([^\"]+)\"").get(1);

        assertThat(failed(rendered, "\"" + second + "\"")).containsExactly(1);
    }

    @Test
    void shouldFailAllBehindTheSequenceNumberThatIsNamed() {
        Rendered rendered = rendered(EventFormat.KINESIS, PartialAnswer.CHECKPOINT);
        String second = all(rendered, "\"sequenceNumber\":\"(\\d+)\"").get(1);

        assertThat(second).isEqualTo("00000000000000000002");
        assertThat(failed(rendered, "\"" + second + "\"")).containsExactly(1, 2);
    }

    @Test
    void shouldFailTheSequenceNumberAloneWhereTheTriggerSaysItems() {
        Rendered rendered = rendered(EventFormat.KINESIS, PartialAnswer.ITEMS);

        assertThat(failed(rendered, "\"2\"")).containsExactly(1);
    }

    @Test
    void shouldFailTheOffsetThatIsNamed() {
        Rendered rendered = rendered(EventFormat.KAFKA, PartialAnswer.ITEMS);

        assertThat(failed(rendered, "{\"partition\":\"" + PARTITION + "\",\"offset\":3}"))
                .containsExactly(2);
    }

    @Test
    void shouldFailTheNotificationThatIsNamed() {
        Rendered rendered = rendered(EventFormat.SNS, PartialAnswer.ITEMS);
        String first = all(rendered, "\"MessageId\":\"([^\"]+)\"").getFirst();

        assertThat(failed(rendered, "\"" + first + "\"")).containsExactly(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = EventFormat.class,
            names = {"SQS", "KINESIS", "KAFKA", "SNS"})
    void shouldFailNothingForAnEmptyAnswer(EventFormat format) {
        Rendered rendered = rendered(format, PartialAnswer.ITEMS);

        AttemptEnd end = rendered.answers().apply("{\"batchItemFailures\":[]}");

        assertThat(((AttemptEnd.Completed) end).isClean()).isTrue();
        assertThat(((AttemptEnd.Completed) end).items()).hasSize(3);
    }

    private static List<String> all(Rendered rendered, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(rendered.json().text());
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        assertThat(found).hasSize(3);
        return found;
    }

    private static List<Integer> failed(Rendered rendered, String identifier) {
        AttemptEnd end =
                rendered.answers()
                        .apply("{\"batchItemFailures\":[{\"itemIdentifier\":" + identifier + "}]}");
        assertThat(end).isInstanceOf(AttemptEnd.Completed.class);
        List<ItemEnd> items = ((AttemptEnd.Completed) end).items();
        List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof ItemEnd.Failed) {
                failed.add(i);
            }
        }
        return failed;
    }

    private static Rendered rendered(EventFormat format, PartialAnswer answer) {
        Trigger plain =
                Samples.trigger(
                        LanePolicy.BY_PARTITION,
                        BatchPolicy.of(3).withAnswer(answer),
                        RetryPolicy.DEFAULT);
        Trigger trigger = plain.withIntake(plain.intake().withEventFormat(format));
        List<Event> events = new ArrayList<>();
        for (long offset = 1; offset <= 3; offset++) {
            RawEvent raw = Samples.event(offset, "k");
            events.add(new Event(raw, new DecodedValue.Bytes(raw.value())));
        }
        var settings =
                new RenderSettings(
                        trigger.id(),
                        trigger.function(),
                        trigger.sourceTopic(),
                        false,
                        "localhost:9092",
                        AwsAccount.DEFAULT);
        return new RenderedEvents(trigger, settings)
                .render(
                        new Invocation(
                                new RequestId("r"),
                                Samples.FUNCTION,
                                trigger.id(),
                                events,
                                1,
                                Instant.EPOCH));
    }
}
