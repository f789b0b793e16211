package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

final class SchemaTopicIT {
    private static final TopicPartition PARTITION = new TopicPartition("_schemas", 0);

    @TempDir Path directory;

    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void shouldWriteRecordsInTheDocumentedFormByteByByte() {
        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                RegistryCalls calls = new RegistryCalls(registry.url())) {
            calls.post(
                    "/subjects/t-value/versions",
                    "{\"schema\": \"{ \\\"type\\\":\\\"string\\\" }\"}");
            calls.put("/config", "{\"compatibility\":\"full\"}");
            calls.put("/config/t-value", "{\"compatibility\":\"NONE\"}");
            calls.post("/subjects/t-value/versions", "{\"schema\":\"\\\"int\\\"\"}");
            calls.delete("/subjects/t-value/versions/1");
            calls.delete("/subjects/t-value");
            calls.delete("/subjects/t-value?permanent=true");
        }

        assertThat(records())
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":1,\"magic\":1}"
                                + " {\"subject\":\"t-value\",\"version\":1,\"id\":1,"
                                + "\"schema\":\"\\\"string\\\"\",\"deleted\":false}",
                        "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}"
                                + " {\"compatibilityLevel\":\"FULL\"}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"t-value\",\"magic\":0}"
                                + " {\"compatibilityLevel\":\"NONE\"}",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":2,\"magic\":1}"
                                + " {\"subject\":\"t-value\",\"version\":2,\"id\":2,"
                                + "\"schema\":\"\\\"int\\\"\",\"deleted\":false}",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":1,\"magic\":1}"
                                + " {\"subject\":\"t-value\",\"version\":1,\"id\":1,"
                                + "\"schema\":\"\\\"string\\\"\",\"deleted\":true}",
                        "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"t-value\",\"magic\":0}"
                                + " {\"subject\":\"t-value\",\"version\":2}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"t-value\",\"magic\":0} null",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":1,\"magic\":1}"
                                + " null",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":2,\"magic\":1}"
                                + " null");
    }

    @Test
    void shouldTellTheSameAfterARestart() {
        int id;
        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                SchemaRegistryClient client = RegistryServers.client(registry)) {
            client.register("a", record(1));
            id = client.register("b", record(2));
        }

        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                SchemaRegistryClient client = RegistryServers.client(registry)) {
            assertThat(client.subjects()).containsExactly("a", "b");
            assertThat(client.schemaById(id)).isEqualTo(record(2));
            assertThat(client.register("b", record(2))).isEqualTo(id);
            assertThat(client.register("b", record(3))).isEqualTo(id + 1);
        }
    }

    @Test
    void shouldShowASecondRegistryAtOnceWhatTheFirstAnswered() {
        try (EmbeddedSchemaRegistry one = RegistryServers.another(broker);
                EmbeddedSchemaRegistry two = RegistryServers.another(broker);
                SchemaRegistryClient toOne = RegistryServers.client(one);
                SchemaRegistryClient toTwo = RegistryServers.client(two)) {
            for (int i = 0; i < 20; i++) {
                int id = toOne.register("s" + i, record(i));

                assertThat(toTwo.schemaById(id)).isEqualTo(record(i));
                assertThat(toTwo.latest("s" + i).id()).isEqualTo(id);
            }
        }
    }

    @Test
    void shouldGiveOneIdToOneSchemaWhenTwoRegistriesWriteAtTheSameTime()
            throws ExecutionException, InterruptedException {
        try (EmbeddedSchemaRegistry one = RegistryServers.another(broker);
                EmbeddedSchemaRegistry two = RegistryServers.another(broker);
                SchemaRegistryClient toOne = RegistryServers.client(one);
                SchemaRegistryClient toTwo = RegistryServers.client(two);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Schema schema = record(i);
                calls.add(() -> toOne.register("same", schema));
                calls.add(() -> toTwo.register("same", schema));
            }

            List<Future<Integer>> answers = threads.invokeAll(calls);

            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < 60; i += 2) {
                assertThat(answers.get(i).get()).isEqualTo(answers.get(i + 1).get());
                ids.add(answers.get(i).get());
            }
            assertThat(ids)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, 30).boxed().toList());
            assertThat(toOne.latest("same").version()).isEqualTo(30);
        }
    }

    @Test
    void shouldLeaveOutWhatIsNoRecordOfARegistry() {
        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                SchemaRegistryClient client = RegistryServers.client(registry)) {
            client.register("a", record(1));
        }
        write("garbage", "{");
        write("{\"keytype\":\"NOOP\",\"magic\":0}", null);
        write("{\"keytype\":\"SCHEMA\",\"subject\":\"x\",\"version\":1,\"magic\":1}", "{\"id\":3}");
        write(null, "no key");
        write("{\"keytype\":\"NEW\",\"magic\":7}", "{\"what\":1}");

        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                SchemaRegistryClient client = RegistryServers.client(registry)) {
            assertThat(client.subjects()).containsExactly("a");
            assertThat(client.register("b", record(2))).isEqualTo(2);
        }
    }

    @Test
    void shouldKeepWhatAnotherRegistryStoredBesideTheSchema() {
        EmbeddedSchemaRegistry first = RegistryServers.another(broker);
        first.close();
        String key = "{\"keytype\":\"SCHEMA\",\"subject\":\"p\",\"version\":4,\"magic\":1}";
        write(
                key,
                "{\"subject\":\"p\",\"version\":4,\"id\":40,\"md5\":\"x\",\"schemaType\":\"PROTOBUF\","
                        + "\"schema\":\"syntax\",\"deleted\":false}");

        try (EmbeddedSchemaRegistry registry = RegistryServers.another(broker);
                RegistryCalls calls = new RegistryCalls(registry.url())) {
            assertThat(calls.get("/schemas/ids/40"))
                    .isEqualTo("200 {\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}");
            assertThat(calls.post("/subjects/q/versions", "{\"schema\":\"\\\"int\\\"\"}"))
                    .isEqualTo("200 {\"id\":41}");
            calls.delete("/subjects/p/versions/4");
        }
        assertThat(records())
                .endsWith(
                        key
                                + " {\"subject\":\"p\",\"version\":4,\"id\":40,\"md5\":\"x\","
                                + "\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\","
                                + "\"deleted\":true}");
    }

    @Test
    void shouldTellThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MillraceException failure = startFailure(taken.getLocalPort());

            assertThat(failure.code()).isEqualTo(ErrorCode.IN_USE);
            assertThat(failure)
                    .message()
                    .contains("'" + taken.getLocalPort() + "'")
                    .doesNotContain("\n");
        }
    }

    @Test
    void shouldRefuseATopicThatWouldLoseSchemas() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic expiring =
                    new NewTopic("_schemas", 1, (short) 1)
                            .configs(Map.of("cleanup.policy", "delete"));
            admin.createTopics(List.of(expiring)).all().get();
        }

        MillraceException failure = startFailure(0);

        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(failure).message().contains("'_schemas'", "'delete'", "compact");
    }

    private MillraceException startFailure(int port) {
        return catchThrowableOfType(
                MillraceException.class,
                () ->
                        EmbeddedSchemaRegistry.start(
                                        broker.bootstrapServers(), Map.of(), port, (short) 1)
                                .close());
    }

    private void write(@Nullable String key, @Nullable String value) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.idempotence", false);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("_schemas", key, value), (_, _) -> {});
        }
    }

    private List<String> records() {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest");
        List<String> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<String, String> it : consumer.poll(Duration.ofSeconds(1))) {
                    records.add(it.key() + " " + it.value());
                }
            }
        }
        return records;
    }

    /** Different for different numbers, compatible with all before. */
    private static Schema record(int number) {
        return SchemaBuilder.record("R")
                .fields()
                .name("f" + number)
                .type()
                .intType()
                .intDefault(0)
                .endRecord();
    }
}
