package io.millrace.it;

import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.engine.app.Engine;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.ObjectEvent;
import io.millrace.schemas.QueueMessage;
import io.millrace.schemas.registry.AvroSerializer;

import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** What connectors write reaches a function in the form in which Lambda would hand it over. */
final class EventFormatsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RetryPolicy QUICK =
            RetryPolicy.of(3, Duration.ofMillis(20), Duration.ofMillis(100));

    private static final String MIRROR =
            """
            import io.millrace.functions.*;
            public class Mirror implements Handler<String, String> {
                public String handle(String event, Context context) {
                    return event;
                }
            }
            """;

    /** Writes down what it is handed, and fails "bad" when it is handed out the first time. */
    private static final String ORDERS =
            """
            import io.millrace.functions.*;
            import java.nio.file.*;
            import java.util.*;
            public class Orders implements Handler<Map<String, Object>, Map<String, Object>> {
                @SuppressWarnings("unchecked")
                public Map<String, Object> handle(Map<String, Object> event, Context context) throws Exception {
                    var failed = new ArrayList<Map<String, Object>>();
                    var seen = new StringBuilder();
                    for (var record : (List<Map<String, Object>>) event.get("Records")) {
                        var attributes = (Map<String, Object>) record.get("attributes");
                        var count = attributes.get("ApproximateReceiveCount");
                        seen.append(record.get("body")).append(':').append(count).append(' ');
                        if (record.get("body").equals("bad") && count.equals("1")) {
                            failed.add(Map.of("itemIdentifier", record.get("messageId")));
                        }
                    }
                    Files.writeString(Path.of("FOLDER", "seen"), seen.append('\\n'),
                            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    return Map.of("batchItemFailures", failed);
                }
            }
            """;

    @TempDir static Path folder;
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.start(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void shouldHandOverObjectEventsAndRetryTheOneMessageThatIsNamed()
            throws ExecutionException, IOException, InterruptedException {
        Trigger pictures = trigger("pictures", EventFormat.S3, BatchPolicy.SINGLE);
        Trigger orders =
                trigger(
                        "orders",
                        EventFormat.SQS,
                        BatchPolicy.of(3)
                                .withWindow(Duration.ofSeconds(20))
                                .withAnswer(PartialAnswer.ITEMS));
        deploy(pictures, "Mirror", MIRROR);
        deploy(orders, "Orders", ORDERS.replace("FOLDER", folder.toString()));
        send("pictures", List.of(picture()));
        send("orders", Stream.of("first", "bad", "last").map(EventFormatsIT::message).toList());

        try (Engine _ = cluster.startEngine("node-1")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(cluster.read("pictures-results")).hasSize(1);
                        assertThat(seen()).contains("bad:2");
                    });
        }

        JsonNode event =
                new JsonMapper()
                        .readTree(text(cluster.read("pictures-results").getFirst().value()));
        JsonNode record = event.at("/Records/0");
        assertThat(record.path("eventName").textValue()).isEqualTo("ObjectCreated:Put");
        assertThat(record.path("eventTime").textValue()).isEqualTo("2026-11-21T09:00:00.123Z");
        assertThat(record.at("/s3/bucket/name").textValue()).isEqualTo("pictures");
        assertThat(record.at("/s3/object/key").textValue()).isEqualTo("in/a+b.png");
        assertThat(record.at("/s3/object/size").intValue()).isEqualTo(1024);
        assertThat(seen()).isEqualTo("first:1 bad:1 last:1 \nbad:2 \n");
        assertThat(cluster.read("orders-results")).isEmpty();
        assertThat(cluster.read("orders-failed")).isEmpty();
    }

    private static Trigger trigger(String id, EventFormat format, BatchPolicy batch) {
        Trigger plain = TestCluster.trigger(id, id, QUICK);
        return new Trigger(
                plain.id(),
                plain.sourceTopic(),
                plain.function(),
                plain.version(),
                plain.intake().withEventFormat(format),
                LanePolicy.BY_PARTITION,
                batch,
                plain.retry(),
                plain.load(),
                plain.destinations(),
                plain.guarantee(),
                plain.activity());
    }

    private static void deploy(Trigger trigger, String handler, String source) throws IOException {
        cluster.deploy(
                trigger, FunctionJar.of(folder, handler, source), handler, Duration.ofSeconds(5));
    }

    private static ObjectEvent picture() {
        return ObjectEvent.newBuilder()
                .setKind("CREATED")
                .setBucket("pictures")
                .setKey("in/a b.png")
                .setSize(1024)
                .setLastModified(Instant.parse("2026-11-21T09:00:00.123Z"))
                .build();
    }

    private static QueueMessage message(String body) {
        return QueueMessage.newBuilder()
                .setQueue("orders")
                .setMessageId("id-of-" + body)
                .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    /** All with one key, so that they lie in one partition. */
    private static void send(String topic, List<? extends SpecificRecordBase> values)
            throws ExecutionException, InterruptedException {
        try (var serializer = new AvroSerializer<SpecificRecordBase>()) {
            serializer.configure(Map.of("schema.registry.url", cluster.registryUrl()), false);
            byte[] key = {'k'};
            cluster.send(
                    values.stream()
                            .map(value ->
                                    new ProducerRecord<>(
                                            topic, key, serializer.serialize(topic, value)))
                            .toList());
        }
    }

    private static String seen() throws IOException {
        Path file = folder.resolve("seen");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
