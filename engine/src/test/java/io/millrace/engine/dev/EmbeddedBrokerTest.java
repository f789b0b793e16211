package io.millrace.engine.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

final class EmbeddedBrokerTest {
    @TempDir Path folder;

    @Test
    void shouldNameThePortWhenItIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, port).close())
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining("'" + port + "'")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void shouldNameTheDirectoryWhenAFileIsInItsPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("data"), "");
        assertThatThrownBy(() -> EmbeddedBroker.start(file, 0).close())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> EmbeddedBroker.start(file.resolve("below"), 0).close())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED))
                .hasMessageContaining(file.toString());
    }

    @Test
    void shouldKeepTopicsAndClusterWhenStartedAgainOverTheSameDirectory()
            throws ExecutionException, InterruptedException, TimeoutException {
        String cluster;
        try (var broker = EmbeddedBroker.start(folder, 0);
                var admin = admin(broker)) {
            // A second broker over the directory is refused while the first runs, and harms none.
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0).close())
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining(folder.toString());
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(2), Optional.empty())))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            cluster = admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS);
        }
        try (var broker = EmbeddedBroker.start(folder, 0);
                var admin = admin(broker)) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains("kept");
            assertThat(admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS))
                    .isEqualTo(cluster);
            assertThat(broker.failure()).isNotDone();
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
