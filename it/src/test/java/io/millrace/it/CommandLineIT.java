package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.cli.Millrace;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.dev.registry.EmbeddedSchemaRegistry;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import javax.tools.ToolProvider;

/** The commands on a real broker and a real schema registry, and a pretended Connect worker. */
class CommandLineIT {
    @TempDir static Path data;
    private static EmbeddedBroker broker;
    private static EmbeddedSchemaRegistry registry;
    private static HttpServer connect;
    private static final List<String> CONNECT_CALLS = new CopyOnWriteArrayList<>();

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(data, 0);
        registry = EmbeddedSchemaRegistry.start(broker.bootstrapServers(), Map.of(), 0, (short) 1);
        connect = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        connect.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    String path = exchange.getRequestURI().getPath();
                    CONNECT_CALLS.add(exchange.getRequestMethod() + " " + path);
                    byte[] answer = answer(path, body).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        connect.start();
    }

    private static String answer(String path, String body) {
        if (path.endsWith("/validate")) {
            return body.contains("missing-bucket")
                    ? "{\"configs\":[{\"value\":{\"name\":\"objectstore.bucket\",\"errors\":"
                            + "[\"bucket 'missing-bucket' does not exist\"]}}]}"
                    : "{\"configs\":[]}";
        }
        return path.endsWith("/status")
                ? "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"state\":\"RUNNING\"}]}"
                : "{}";
    }

    @AfterAll
    static void stop() {
        connect.stop(0);
        registry.close();
        broker.close();
    }

    @Test
    void shouldDeployListAndRemoveAFunction() throws IOException {
        Path manifest = manifest("greeter", "acme.Greeter", "photos");

        assertThat(run("deploy", manifest.toString(), "--dry-run")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("function greeter can be deployed");
        assertThat(run("functions")).isEqualTo(3);

        assertThat(run("deploy", manifest.toString())).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("created topic millrace.functions")
                .contains("created topic greeter-in")
                .contains("deployed function greeter")
                .contains("deployed trigger greeter on topic greeter-in")
                .contains("source greeter-source is running, writes to topic greeter-in");
        assertThat(CONNECT_CALLS).contains("PUT /connectors/greeter-source/config");

        assertThat(run("functions", "--json")).isZero();
        assertThat(out.toString())
                .contains("\"handler\":\"acme.Greeter\"")
                .doesNotContain("hunter2");
        assertThat(run("triggers")).isZero();
        assertThat(out.toString()).contains("greeter-in").contains("greeter:$LATEST");

        assertThat(run("remove", "nobody")).isEqualTo(3);
        assertThat(run("remove", "greeter")).isZero();
        assertThat(out.toString()).contains("removed trigger greeter").contains("removed function");
        assertThat(run("triggers", "--json")).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldDeployNothingWhenASourceIsConfiguredWrongly() throws IOException {
        Path manifest = manifest("unlucky", "acme.Greeter", "missing-bucket");

        assertThat(run("deploy", manifest.toString())).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly(
                        "millrace: source 'unlucky-source': 'objectstore.bucket': bucket"
                                + " 'missing-bucket' does not exist");
        assertThat(out.toString()).isEmpty();
        assertThat(CONNECT_CALLS).noneMatch(call -> call.contains("unlucky-source"));
        assertThat(run("send", "unlucky-in", "x")).isEqualTo(3);
    }

    @Test
    void shouldTellWhyAPackageCannotRun() throws IOException {
        Path wrongClass = manifest("wrong", "acme.Nobody", "photos");
        assertThat(run("deploy", wrongClass.toString())).isNotZero();
        assertThat(err.toString().lines()).singleElement().asString().contains("acme.Nobody");

        Files.writeString(folder.resolve("code.jar"), "no jar");
        assertThat(run("deploy", wrongClass.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not a jar");

        Files.delete(folder.resolve("code.jar"));
        assertThat(run("deploy", wrongClass.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("build the function first");
    }

    @Test
    void shouldReadBackWhatItSent() throws ExecutionException, IOException, InterruptedException {
        createTopic("talk");
        Path file = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xFF, 1});

        assertThat(run("send", "talk", "{\"n\":1}", "--key", "k", "--header", "a=b")).isZero();
        assertThat(out.toString()).startsWith("sent talk-");
        assertThat(run("send", "talk", "--file", file.toString(), "--key", "k")).isZero();

        assertThat(run("read", "talk")).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.endsWith("key=k headers={a=b} value={\"n\":1}"))
                .anyMatch(line -> line.endsWith("value=<2 bytes> /wE="));
        assertThat(run("read", "talk", "--last", "1")).isZero();
        assertThat(out.toString().lines()).singleElement().asString().contains("<2 bytes>");
        assertThat(run("read", "talk", "--max", "1", "--json")).isZero();
        assertThat(out.toString()).contains("\"value\":{\"n\":1}");
        assertThat(
                        run(
                                "read",
                                "talk",
                                "--follow",
                                "--from-beginning",
                                "--max",
                                "3",
                                "--timeout",
                                "1s"))
                .isEqualTo(6);
        assertThat(err.toString()).contains("only 2 of 3 records came");
        assertThat(run("read", "nowhere")).isEqualTo(3);
    }

    @Test
    void shouldAddUpWhatWasMetered() throws ExecutionException, IOException, InterruptedException {
        createTopic("metered.metering");
        Cluster cluster = new Cluster(broker.bootstrapServers(), Map.of());
        try (SchemaRegistryClient schemas = cluster.schemaRegistry(registry.url().toString());
                AvroSerializer<MeteringRecord> serializer = new AvroSerializer<>(schemas);
                Producer<byte[], byte[]> producer = cluster.producer("test")) {
            byte[] value = serializer.serialize("metered.metering", metering(3));
            producer.send(new ProducerRecord<>("metered.metering", value)).get();
        }

        assertThat(run("metering", "--topic-prefix", "metered.")).as(err.toString()).isZero();

        assertThat(out.toString().lines()).hasSize(4);
        assertThat(out.toString())
                .contains("greeter:$LATEST trigger=t in-1@2 events=1 attempt=1 SUCCEEDED")
                .contains(
                        "total attempts=3 billed=3000ms gb-seconds=1.500000 lambda-cost=$0.0000256001");
        assertThat(run("read", "metered.metering")).isZero();
        assertThat(out.toString()).contains("\"trigger\":\"t\"");
    }

    @Test
    void shouldTellThatNobodyIsThere() throws IOException {
        Path manifest = manifest("lonely", "acme.Greeter", "photos");
        out.getBuffer().setLength(0);

        int code =
                Millrace.run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "functions",
                        "--bootstrap-servers",
                        broker.bootstrapServers(),
                        "--schema-registry-url",
                        "http://127.0.0.1:1",
                        "--topic-prefix",
                        "lonely.");
        assertThat(code).isEqualTo(3);
        assertThat(run("deploy", manifest.toString(), "--connect-url", "http://127.0.0.1:1"))
                .isEqualTo(6);
        assertThat(err.toString())
                .contains("Kafka Connect at 'http://127.0.0.1:1' cannot be reached");
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        all.addAll(List.of("--schema-registry-url", registry.url().toString()));
        if (args[0].equals("deploy") && !all.contains("--connect-url")) {
            all.addAll(
                    List.of("--connect-url", "http://127.0.0.1:" + connect.getAddress().getPort()));
        }
        return Millrace.run(
                new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private Path manifest(String function, String handler, String bucket) throws IOException {
        jar();
        return Files.writeString(
                folder.resolve(function + ".yaml"),
                """
                function: %1$s
                handler: %2$s
                code: code.jar
                environment: { PASSWORD: hunter2 }
                triggers:
                  - topic: %1$s-source
                    results: %1$s-out
                sources:
                  - name: %1$s-source
                    topic: %1$s-in
                    connector: object-store
                    config: { objectstore.bucket: %3$s }
                """
                        .formatted(function, handler, bucket));
    }

    private void jar() throws IOException {
        Path source = Files.createDirectories(folder.resolve("acme")).resolve("Greeter.java");
        Files.writeString(
                source,
                """
                package acme;
                public final class Greeter
                        implements io.millrace.functions.Handler<String, String> {
                    @Override
                    public String handle(String name, io.millrace.functions.Context context) {
                        return "Hello, " + name;
                    }
                }
                """);
        String classPath = System.getProperty("java.class.path");
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", classPath, source.toString());
        assertThat(compiled).isZero();
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(folder.resolve("code.jar")))) {
            jar.putNextEntry(new JarEntry("acme/Greeter.class"));
            Files.copy(folder.resolve("acme/Greeter.class"), jar);
        }
    }

    private static void createTopic(String name) throws ExecutionException, InterruptedException {
        try (var admin = new Cluster(broker.bootstrapServers(), Map.of()).admin("test")) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static MeteringRecord metering(int entries) {
        List<MeteringEntry> attempts = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            attempts.add(
                    MeteringEntry.newBuilder()
                            .setRequestId("r" + i)
                            .setFunction("greeter")
                            .setVersion("$LATEST")
                            .setFirstOffset(i)
                            .setLastOffset(i)
                            .setEvents(1)
                            .setAttempt(1)
                            .setStartedAt(Instant.EPOCH)
                            .setDurationNanos(999_100_000)
                            .setBilledMillis(1000)
                            .setMemoryMb(512)
                            .setOutcome(AttemptOutcome.SUCCEEDED)
                            .build());
        }
        return MeteringRecord.newBuilder()
                .setTrigger("t")
                .setTopic("in")
                .setPartition(1)
                .setNode("n")
                .setEntries(attempts)
                .build();
    }
}
