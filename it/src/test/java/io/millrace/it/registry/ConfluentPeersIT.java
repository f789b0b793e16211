package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ScheduleTick;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Confluent's genuine client and serialisers, unchanged, against the embedded registry. */
final class ConfluentPeersIT {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir static Path directory;

    private static RegistryServers servers;

    @BeforeAll
    static void startServers() {
        servers = RegistryServers.start(directory.resolve("broker"));
    }

    @AfterAll
    static void closeServers() {
        servers.close();
    }

    @Test
    void shouldServeTheGenuineClient() throws IOException, InterruptedException {
        Map<String, String> said =
                PeerJvm.run(
                        directory.resolve("flink.log"),
                        "flink-sql-avro-confluent-registry.jar",
                        "FlinkClientPeer.java",
                        servers.url());

        assertThat(said.get("again")).isEqualTo(said.get("first"));
        assertThat(said)
                .containsEntry("byId", "true")
                .containsEntry("compatible", "true")
                .containsEntry("incompatible", "false")
                .containsEntry("refused", "409/409")
                .containsEntry("latest", "2/true")
                .containsEntry("latestSchema", "true")
                .containsEntry("version", "1")
                .containsEntry("id", "true")
                .containsEntry("versions", "[1, 2]")
                .containsEntry("subjects", "true")
                .containsEntry("subjectsById", "true")
                .containsEntry("level", "FULL_TRANSITIVE")
                .containsEntry("levelRead", "FULL_TRANSITIVE")
                .containsEntry("mode", "READWRITE")
                .containsEntry("missing", "404/40403")
                .containsEntry("missingSubject", "404/40401")
                .containsEntry("deletedVersion", "1")
                .containsEntry("deleted", "[2]")
                .containsEntry("gone", "false")
                .containsEntry("stillById", "true")
                .containsEntry("deletedForGood", "[1, 2]")
                .containsEntry("goneForGood", "404/40403");
    }

    @Test
    void shouldExchangeRecordsWithTheGenuineSerialisers() throws IOException, InterruptedException {
        try (SchemaRegistryClient client = servers.client();
                AvroSerializer<Object> writer = new AvroSerializer<>(client);
                AvroDeserializer<Object> reader = new AvroDeserializer<>(client)) {
            Map<String, String> said =
                    PeerJvm.run(
                            directory.resolve("pinot.log"),
                            "pinot-confluent-avro-shaded.jar",
                            "PinotSerdesPeer.java",
                            servers.url(),
                            HEX.formatHex(writer.serialize("ours", tick())),
                            HEX.formatHex(writer.serialize("ours-text", "grüße")),
                            HEX.formatHex(writer.serialize("ours-bytes", new byte[] {1, 2, 3})));

            assertThat(said.get("record"))
                    .contains("\"schedule\": \"nightly\"", "\"missed\": 3", "\"payload\": null");
            assertThat(said).containsEntry("text", "grüße").containsEntry("bytes", "010203");
            assertThat(read(reader, said.get("wroteRecord")))
                    .hasToString(
                            "{\"text\": \"grüße\", \"numbers\": [1, -7, 9223372036854775807],"
                                    + " \"maybe\": 2.5}");
            assertThat(read(reader, said.get("wroteText"))).isEqualTo("hello");
            assertThat(read(reader, said.get("wroteBytes"))).isEqualTo(new byte[] {5, 6});
        }
    }

    private static Object read(AvroDeserializer<Object> reader, String hex) {
        Object value = reader.deserialize("theirs", HEX.parseHex(hex));
        assertThat(value).isNotNull();
        return value;
    }

    private static ScheduleTick tick() {
        return ScheduleTick.newBuilder()
                .setSchedule("nightly")
                .setExpression("cron(0 2 * * ? *)")
                .setDueAt(Instant.ofEpochSecond(1_000))
                .setMissed(3)
                .build();
    }
}
