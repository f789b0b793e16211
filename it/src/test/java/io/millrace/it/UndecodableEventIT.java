package io.millrace.it;

import static io.millrace.it.harness.TestCluster.header;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.dev.Installation;
import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.EventHeaders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** An event that cannot be read goes aside as it is; the events before and behind it go through. */
class UndecodableEventIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] KEY = {'k'};
    private static final byte[] ORDER =
            "{\"id\":\"a\",\"quantity\":2,\"unitPriceCents\":30}".getBytes(StandardCharsets.UTF_8);

    @TempDir static Path data;
    private static TestCluster cluster;
    private static Engine engine;

    @BeforeAll
    static void start() {
        cluster = TestCluster.start(data);
        engine = cluster.startEngine("one");
    }

    @AfterAll
    static void stop() {
        engine.close();
        cluster.close();
    }

    /** In hex: half a JSON object; the magic byte, schema 2,000,000,000 and some bytes. */
    @ParameterizedTest
    @CsvSource({
        "JSON, 7b226964223a20, NotJson, DecodeError",
        "AUTO, 0077359400046869, SchemaNotFound, SchemaNotFound"
    })
    void shouldSetTheEventAsideAndHandleItsNeighbours(
            ValueFormat format, String hex, String type, String condition)
            throws IOException, InterruptedException, ExecutionException {
        byte[] bad = HexFormat.of().parseHex(hex);
        Trigger trigger = trigger("orders-" + type.toLowerCase(Locale.ROOT), format);
        cluster.deploy(
                trigger,
                Installation.find().home().resolve("functions-sdk/examples/hello/target/hello.jar"),
                "io.millrace.examples.hello.OrderFunction",
                Duration.ofSeconds(5));

        // One key, so one lane: the bad one could hold back the last one.
        cluster.send(
                Stream.of(ORDER, bad, ORDER)
                        .map(value -> new ProducerRecord<>(trigger.sourceTopic(), KEY, value))
                        .toList());

        List<ConsumerRecord<byte[], byte[]>> results =
                await().atMost(PATIENCE)
                        .until(
                                () -> cluster.read(trigger.destinations().results()),
                                found -> found.size() == 2);
        assertThat(results)
                .allSatisfy(
                        result -> assertThat(text(result.value())).contains("\"totalCents\":60"));
        List<ConsumerRecord<byte[], byte[]>> letters =
                await().atMost(PATIENCE)
                        .until(
                                () -> cluster.read(trigger.destinations().deadLetters()),
                                found -> !found.isEmpty());
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.value()).isEqualTo(bad);
                    assertThat(letter.key()).isEqualTo(KEY);
                    assertThat(header(letter, EventHeaders.ERROR_TYPE)).isEqualTo(type);
                    assertThat(header(letter, EventHeaders.ERROR_MESSAGE)).isNotBlank();
                    assertThat(header(letter, EventHeaders.CONDITION)).isEqualTo(condition);
                    assertThat(header(letter, EventHeaders.SOURCE))
                            .startsWith(trigger.sourceTopic() + "-")
                            .endsWith("-1");
                });
    }

    private static Trigger trigger(String id, ValueFormat format) {
        return new Trigger(
                new TriggerId(id),
                id,
                new FunctionName(id),
                FunctionSpec.LATEST,
                Intake.from(StartingPosition.EARLIEST, format),
                LanePolicy.byKey(16),
                BatchPolicy.SINGLE,
                RetryPolicy.of(3, Duration.ofMillis(20), Duration.ofMillis(100)),
                LoadPolicy.of(50),
                Destinations.of(id + "-results", id + "-failed"),
                Guarantee.EXACTLY_ONCE,
                Activity.ENABLED);
    }
}
