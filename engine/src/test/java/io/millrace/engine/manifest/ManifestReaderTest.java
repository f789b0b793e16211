package io.millrace.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowPolicy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ManifestReaderTest {
    private static final Path EXAMPLES = Path.of("..", "functions-sdk", "examples");
    private static final String HEAD = "function: f\nhandler: a.B\ncode: f.jar\n";

    @TempDir Path folder;

    @Test
    void shouldFillInTheDocumentedDefaults() throws IOException {
        Manifest manifest = read(HEAD + "triggers:\n  - topic: in\n");

        assertThat(manifest.code()).isEqualTo(folder.resolve("f.jar"));
        assertThat(manifest.limits()).isEqualTo(new Manifest.Limits(Duration.ofSeconds(3), 128));
        assertThat(manifest.environment()).isEmpty();
        assertThat(manifest.sources()).isEmpty();
        assertThat(manifest.triggers())
                .containsExactly(
                        new Trigger(
                                new TriggerId("f"),
                                "in",
                                new FunctionName("f"),
                                "$LATEST",
                                Intake.from(StartingPosition.EARLIEST, ValueFormat.AUTO),
                                LanePolicy.byKey(64),
                                BatchPolicy.SINGLE,
                                RetryPolicy.DEFAULT,
                                LoadPolicy.of(100),
                                Destinations.of("millrace.results", "millrace.dead-letters"),
                                Guarantee.EXACTLY_ONCE,
                                Activity.ENABLED));
    }

    @Test
    void shouldReadEveryFieldOfATrigger() throws IOException {
        Manifest manifest =
                read(
                        """
                        function: f
                        handler: a.b.C
                        code: lib/f.jar
                        triggers:
                          - id: two
                            topic: other
                            start: 2026-01-31T12:00:00Z
                            order: partition
                            filters:
                              - '{"value": {"kind": ["order"]}}'
                            deduplication: { key: "header:id", window: 1h }
                            batch-size: 100
                            batching-window: 5s
                            partial-answer: items
                            retry: { max-attempts: endless, max-age: 1h, bisect: true }
                            rate: 12.5
                            breaker: { attempts: 10, failed-percent: 80, pause: 1s }
                            guarantee: at_least_once
                            enabled: false
                          - { id: three, topic: third, order: none }
                          - { id: four, topic: fourth, lanes: key }
                        """);

        assertThat(manifest.triggers().get(0)).isEqualTo(full());
        assertThat(manifest.triggers().get(1).lanes()).isEqualTo(LanePolicy.UNORDERED);
        assertThat(manifest.triggers().get(1).batch().answer())
                .isEqualTo(BatchPolicy.PartialAnswer.ITEMS);
        assertThat(manifest.triggers().get(2).lanes()).isEqualTo(LanePolicy.byKey(0));
    }

    private static Trigger full() {
        return new Trigger(
                new TriggerId("two"),
                "other",
                new FunctionName("f"),
                "$LATEST",
                Intake.from(
                                StartingPosition.at(Instant.parse("2026-01-31T12:00:00Z")),
                                ValueFormat.AUTO)
                        .withFilters(List.of("{\"value\": {\"kind\": [\"order\"]}}"))
                        .withDeduplication(
                                new Intake.Deduplication("header:id", Duration.ofHours(1))),
                LanePolicy.BY_PARTITION,
                BatchPolicy.of(100)
                        .withWindow(Duration.ofSeconds(5))
                        .withAnswer(BatchPolicy.PartialAnswer.ITEMS),
                new RetryPolicy(
                        RetryPolicy.ENDLESS,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        Optional.of(Duration.ofHours(1)),
                        true),
                LoadPolicy.of(100)
                        .withRate(12.5)
                        .withBreaker(new LoadPolicy.Breaker(10, 80, Duration.ofSeconds(1))),
                Destinations.of("millrace.results", "millrace.dead-letters"),
                Guarantee.AT_LEAST_ONCE,
                Activity.DISABLED);
    }

    @Test
    void shouldReadEveryField() throws IOException {
        Manifest manifest =
                read(
                        """
                        function: f
                        handler: a.b.C
                        code: lib/f.jar
                        timeout: 15m
                        memory: 2GB
                        description: does it
                        environment: { A: "${NAME}", B: 1, C: true }
                        triggers:
                          - id: one
                            topic: src
                            lanes: 1
                            max-concurrency: 1000
                            batch-size: 10
                            retry: { max-attempts: 5, first-delay: 1s, max-delay: 2m }
                            results: r
                            dead-letters: d
                            on-success: s
                            on-failure: o
                            format: avro
                            start: latest
                        sources:
                          - name: src
                            topic: events
                            connector: object-store
                            config: { objectstore.bucket: "b", path: "${file:/etc/x:key}" }
                        """);

        assertThat(manifest.environment()).isEqualTo(Map.of("A", "value", "B", "1", "C", "true"));
        assertThat(manifest.limits()).isEqualTo(new Manifest.Limits(Duration.ofMinutes(15), 2048));
        Trigger trigger = manifest.triggers().getFirst();
        assertThat(trigger.sourceTopic()).isEqualTo("events");
        assertThat(trigger.retry())
                .isEqualTo(RetryPolicy.of(5, Duration.ofSeconds(1), Duration.ofMinutes(2)));
        assertThat(trigger.destinations())
                .isEqualTo(Destinations.of("r", "d").withOnSuccess("s").withOnFailure("o"));
        assertThat(trigger.lanes()).isEqualTo(LanePolicy.BY_PARTITION);
        assertThat(trigger.intake())
                .isEqualTo(Intake.from(StartingPosition.LATEST, ValueFormat.AVRO));
        assertThat(manifest.sources().getFirst().config())
                .isEqualTo(
                        Map.of(
                                "name", "src",
                                "topic", "events",
                                "connector.class",
                                        "io.millrace.connectors.objectstore"
                                                + ".ObjectStoreSourceConnector",
                                "objectstore.bucket", "b",
                                "path", "${file:/etc/x:key}"));
        assertThat(manifest.topics()).containsExactly("d", "events", "o", "r", "s");
    }

    @Test
    void shouldTellEverythingThatIsWrongWithItsLine() {
        assertThatRefused(
                        """
                        function: bad name
                        handlr: a.B
                        code: f.jar
                        timeout: 20m
                        memory: 64MB
                        triggers:
                          - topic: in
                            lanes: 0
                            format: xml
                            retry: { max-delay: 1ms, first-delay: 1s, tries: 2 }
                          - topic: in
                        sources: nothing
                        """)
                .hasMessageContaining("line 1: function name 'bad name' is not allowed")
                .hasMessageContaining("line 1: 'handler' is missing in the manifest")
                .hasMessageContaining(
                        "line 2: 'handlr' is not a field of the manifest; did you mean 'handler'?")
                .hasMessageContaining("line 4: 'timeout' is '20m'; allowed: 1s to 15m")
                .hasMessageContaining("line 5: 'memory' is '64MB'; allowed: 128MB to 10240MB")
                .hasMessageContaining("line 8: 'lanes' is '0'; allowed: 1 to 65536")
                .hasMessageContaining("line 9: 'format' is 'xml'; allowed: auto, bytes, json, avro")
                .hasMessageContaining("line 10: 'tries' is not a field of 'retry'")
                .hasMessageContaining("line 10: 'max-delay' is shorter than 'first-delay'")
                .hasMessageContaining("is there twice")
                .hasMessageContaining("line 12: 'sources' must be a list")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldTellEverythingThatATumblingWindowDoesNotGoWith() {
        assertThatRefused(
                        """
                        function: f
                        handler: a.b.C
                        code: f.jar
                        triggers:
                          - topic: in
                            order: none
                            guarantee: at_least_once
                            tumbling-window: { size: 16m, grace: 1h, slide: 1s }
                          - topic: in
                            id: second
                            tumbling-window: { grace: 1s }
                        """)
                .hasMessageContaining(
                        "'order' is 'none'; allowed with 'tumbling-window': partition")
                .hasMessageContaining(
                        "'guarantee' is 'at_least_once'; allowed with 'tumbling-window':"
                                + " exactly_once")
                .hasMessageContaining("'size' is '16m'; allowed: 1s to 15m")
                .hasMessageContaining("'grace' is '1h'; allowed: 0s to 15m")
                .hasMessageContaining("'slide' is not a field of 'tumbling-window'")
                .hasMessageContaining("'order' is 'key'; allowed with 'tumbling-window'")
                .hasMessageContaining("'size' is missing");
    }

    @Test
    void shouldTellEverythingThatAnEventFormatDoesNotGoWith() {
        assertThatRefused(
                        """
                        function: f
                        handler: a.b.C
                        code: f.jar
                        triggers:
                          - topic: in
                            event-format: sqs-event
                          - topic: in
                            id: second
                            event-format: scheduled
                            batch-size: 10
                          - topic: in
                            id: third
                            event-format: s3
                            order: partition
                            tumbling-window: { size: 1m }
                        """)
                .hasMessageContaining(
                        "line 6: 'event-format' is 'sqs-event'; allowed: record, s3, sqs,"
                                + " dynamodb, kinesis, kafka, scheduled, sns")
                .hasMessageContaining(
                        "line 10: 'batch-size' is '10'; allowed with 'event-format: scheduled': 1")
                .hasMessageContaining(
                        "line 13: 'event-format' is 's3'; allowed with 'tumbling-window': record,"
                                + " kinesis, dynamodb");
    }

    @Test
    void shouldReadEventFormatsWithWhatTheirPartialAnswersMean() throws IOException {
        Manifest manifest =
                read(
                        """
                        function: f
                        handler: a.b.C
                        code: f.jar
                        triggers:
                          - { topic: in, event-format: sqs, batch-size: 10 }
                          - { id: b, topic: in, event-format: kinesis, order: none }
                          - { id: c, topic: in, event-format: kafka, partial-answer: checkpoint }
                          - { id: d, topic: in }
                        """);

        assertThat(manifest.triggers())
                .extracting(trigger -> trigger.intake().eventFormat())
                .containsExactly(
                        EventFormat.SQS,
                        EventFormat.KINESIS,
                        EventFormat.KAFKA,
                        EventFormat.RECORD);
        assertThat(manifest.triggers())
                .extracting(trigger -> trigger.batch().answer())
                .containsExactly(
                        BatchPolicy.PartialAnswer.ITEMS,
                        BatchPolicy.PartialAnswer.CHECKPOINT,
                        BatchPolicy.PartialAnswer.CHECKPOINT,
                        BatchPolicy.PartialAnswer.CHECKPOINT);
    }

    @Test
    void shouldReadATumblingWindow() throws IOException {
        Manifest manifest =
                read(
                        """
                        function: f
                        handler: a.b.C
                        code: f.jar
                        triggers:
                          - topic: in
                            order: partition
                            retry: { bisect: true }
                            tumbling-window: { size: 1m }
                          - topic: in
                            id: second
                            lanes: 1
                            partial-answer: items
                            tumbling-window: { size: 1s, grace: 0s }
                        """);

        assertThat(manifest.triggers())
                .extracting(trigger -> trigger.batch().tumbling().orElseThrow())
                .containsExactly(
                        new WindowPolicy(Duration.ofMinutes(1), Duration.ofSeconds(5)),
                        new WindowPolicy(Duration.ofSeconds(1), Duration.ZERO));
    }

    @Test
    void shouldRefuseATriggerThatFeedsItself() {
        assertThatRefused(HEAD + "triggers:\n  - topic: in\n    dead-letters: in\n")
                .hasMessageContaining("'dead-letters' is the topic 'in' that the trigger reads");
        assertThatRefused(HEAD + "triggers:\n  - topic: in\n    results: millrace.functions\n")
                .hasMessageContaining("a topic of the engine itself");
    }

    @Test
    void shouldReplaceVariables() throws IOException {
        Manifest manifest =
                read(
                        HEAD
                                + "environment:\n"
                                + "  A: \"x-${NAME}-${OTHER:-y}\"\n"
                                + "  B: \"$${NAME}\"\n"
                                + "  C: \"${EMPTY:-z}\"\n");

        assertThat(manifest.environment())
                .isEqualTo(Map.of("A", "x-value-y", "B", "${NAME}", "C", "z"));
    }

    @Test
    void shouldNameVariablesThatAreNotSet() {
        assertThatRefused(HEAD + "environment:\n  A: \"${NOT_THERE}\"\n")
                .hasMessageContaining("line 5: variable 'NOT_THERE' is not set")
                .hasMessageContaining("--set NOT_THERE=");
    }

    @Test
    void shouldRefuseWhatIsNoManifest() {
        assertThatRefused("").hasMessageContaining("it is empty");
        assertThatRefused("just text")
                .hasMessageContaining("it must hold fields; allowed: function");
        assertThatRefused("a: [1").hasMessageContaining("it is not YAML");
        assertThatRefused("function: f\nfunction: g\n").hasMessageContaining("is there twice");
        assertThatRefused(HEAD + "---\n" + HEAD).hasMessageContaining("a second document");
        assertThatRefused("function: &a f\nhandler: *a\ncode: x\n").hasMessageContaining("aliases");
        assertThatRefused("function: f\nhandler:\ncode: x\n")
                .hasMessageContaining("'handler' has no value");
    }

    @Test
    void shouldTellWhyAFileCannotBeRead() {
        ManifestReader reader = reader();

        assertThatThrownBy(() -> reader.read(folder.resolve("none.yaml")))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("none.yaml' does not exist");
        assertThatThrownBy(() -> reader.read(folder)).hasMessageContaining("is a folder");
    }

    @Test
    void shouldNotShowSecrets() throws IOException {
        Manifest manifest =
                read(
                        HEAD
                                + "environment: { PASSWORD: hunter2 }\n"
                                + "sources:\n  - name: s\n    topic: t\n    connector: a.B\n"
                                + "    config: { password: hunter2 }\n");

        assertThat(manifest.toString()).contains("PASSWORD").doesNotContain("hunter2");
    }

    @Test
    void shouldReadTheExamples() {
        Map<String, String> variables =
                Map.of("S3_ENDPOINT", "http://x", "S3_ACCESS_KEY", "a", "S3_SECRET_KEY", "b");
        ManifestReader reader = new ManifestReader(new TopicNames("millrace."), variables);

        Manifest hello = reader.read(EXAMPLES.resolve("hello/function.yaml"));
        Manifest thumbnail = reader.read(EXAMPLES.resolve("thumbnail/function.yaml"));

        assertThat(hello.triggers()).hasSize(1);
        assertThat(thumbnail.topics())
                .containsExactly("notifications", "photos", "photos-failed", "photos-thumbnails");
        assertThat(thumbnail.environment()).containsEntry("S3_ENDPOINT", "http://x");
    }

    private static ManifestReader reader() {
        return new ManifestReader(
                new TopicNames("millrace."), Map.of("NAME", "value", "EMPTY", ""));
    }

    private Manifest read(String text) throws IOException {
        return reader().read(Files.writeString(folder.resolve("function.yaml"), text));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertThatRefused(String text) {
        return assertThatThrownBy(() -> read(text)).isInstanceOf(MillraceException.class);
    }
}
