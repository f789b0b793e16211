package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.ScheduleTick;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Our client and serialisers against another implementation of the protocol. */
@Tag("peers")
final class ApicurioPeerIT {
    @TempDir static Path directory;

    private static String url = "";
    private static Process server;
    private static SchemaRegistryClient client;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        Path archive = PeerJvm.JARS.resolve("apicurio-registry-app-all.tar.gz");
        Process unpack =
                new ProcessBuilder("tar", "xzf", archive.toString(), "-C", directory.toString())
                        .inheritIO()
                        .start();
        assertThat(unpack.waitFor()).isZero();
        int port = freePort();
        server =
                new ProcessBuilder(
                                PeerJvm.JAVA.toString(),
                                "-Xmx384m",
                                "-Dquarkus.http.host=127.0.0.1",
                                "-Dquarkus.http.port=" + port,
                                "-Dquarkus.management.host=127.0.0.1",
                                "-Dquarkus.management.port=" + freePort(),
                                "-jar",
                                runner().toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("server.log").toFile())
                        .start();
        url = "http://127.0.0.1:" + port + "/apis/ccompat/v7";
        try (RegistryCalls calls = new RegistryCalls(URI.create(url))) {
            await().atMost(Duration.ofMinutes(1))
                    .ignoreException(UncheckedIOException.class)
                    .untilAsserted(() -> assertThat(calls.get("/subjects")).startsWith("200"));
        }
        client = new SchemaRegistryClient(RegistryConfig.of(url));
        assertThat(client.subjects()).isEmpty();
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldRegisterAndRead() {
        Schema number = Schema.create(Schema.Type.LONG);

        int id = client.register("numbers-value", number);

        try (SchemaRegistryClient fresh = fresh()) {
            assertThat(fresh.schemaById(id)).isEqualTo(number);
            assertThat(fresh.register("numbers-value", number)).isEqualTo(id);
            assertThat(fresh.latest("numbers-value").id()).isEqualTo(id);
            assertThat(fresh.lookup("numbers-value", number).version()).isEqualTo(1);
            assertThat(fresh.subjects()).contains("numbers-value");
            assertThat(fresh.isCompatible("nobody", number)).isTrue();
        }
    }

    @Test
    void shouldTellThatAnIdIsMissing() {
        RegistryException failure =
                catchThrowableOfType(RegistryException.class, () -> client.schemaById(999_999));

        assertThat(failure.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND);
    }

    @Test
    void shouldExchangeRecords() {
        ScheduleTick tick =
                ScheduleTick.newBuilder()
                        .setSchedule("nightly")
                        .setExpression("rate(1 day)")
                        .setDueAt(Instant.ofEpochSecond(1_000))
                        .build();
        try (SchemaRegistryClient fresh = fresh();
                AvroSerializer<ScheduleTick> writer = new AvroSerializer<>(client);
                AvroDeserializer<ScheduleTick> reader =
                        new AvroDeserializer<>(fresh, ScheduleTick.class)) {
            byte[] framed = writer.serialize("ticks", tick);

            assertThat(reader.deserialize("ticks", framed)).isEqualTo(tick);
        }
    }

    private static SchemaRegistryClient fresh() {
        return new SchemaRegistryClient(RegistryConfig.of(url));
    }

    private static Path runner() throws IOException {
        try (var files = Files.walk(directory)) {
            List<Path> runners =
                    files.filter(it -> it.getFileName().toString().equals("quarkus-run.jar"))
                            .toList();
            assertThat(runners).hasSize(1);
            return runners.getFirst();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
