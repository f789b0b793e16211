package io.millrace.engine.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;

final class EmbeddedObjectStoreTest {
    private static final Path JAR = Installation.find().objectStoreJar();

    @TempDir Path folder;

    @Test
    void shouldRefuseWrongCredentials() {
        try (var store = EmbeddedObjectStore.start(JAR, folder.resolve("s3"), credentials(), 0);
                var client =
                        ObjectStoreClient.to(
                                store.endpoint(), new StoreCredentials("WRONG", "wrong"))) {
            assertThatThrownBy(() -> client.makeBucket("photos"))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("'photos'");
        }
    }

    @Test
    void shouldNameThePortWhenItIsInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() ->
                            EmbeddedObjectStore.start(JAR, folder, credentials(), port).close())
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining("'" + port + "'");
        }
    }

    @Test
    void shouldKeepObjectsAndCredentialsWhenStartedAgainOverTheSameFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "first");
        try (var store = EmbeddedObjectStore.start(JAR, folder.resolve("s3"), credentials(), 0);
                var client = ObjectStoreClient.to(store.endpoint(), credentials())) {
            client.makeBucket("photos");
            client.makeBucket("photos");
            client.put("photos", "in/a b.txt", file, "text/plain");
            assertThat(client.get("photos", "none")).isEmpty();
        }

        try (var store = EmbeddedObjectStore.start(JAR, folder.resolve("s3"), credentials(), 0);
                var client = ObjectStoreClient.to(store.endpoint(), credentials())) {
            assertThat(client.keys("photos")).containsExactly("in/a b.txt");
            assertThat(client.get("photos", "in/a b.txt"))
                    .hasValue("first".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldKeepTheSecretFromOthersAndOutOfText() throws IOException {
        StoreCredentials made = credentials();

        assertThat(made.toString()).doesNotContain(made.secretKey());
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(StoreCredentials.file(folder))))
                .isEqualTo("rw-------");
    }

    private StoreCredentials credentials() {
        return StoreCredentials.of(folder, RandomGenerator.getDefault());
    }
}
