package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.dev.EmbeddedBroker;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A broker's directory and other processes: a second one, and one that is killed. */
final class BrokerLockIT {
    @TempDir Path folder;

    /** A second process: tries the directory, and says what came of it. */
    static final class SecondProcess {
        private SecondProcess() {}

        public static void main(String[] args) {
            try (var broker = EmbeddedBroker.start(Path.of(args[0]), 0)) {
                System.out.println("started " + broker.bootstrapServers());
                System.out.flush();
                if (args.length > 1) {
                    // The test kills this process.
                    new CountDownLatch(1).await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (MillraceException e) {
                System.out.println(e.code() + " " + e.text());
                System.exit(e.code().exitCode());
            }
        }
    }

    @Test
    void shouldRefuseASecondProcessAndHarmNobodyWhenTheDirectoryIsInUse()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (var broker = EmbeddedBroker.start(folder.resolve("data"), 0);
                var admin = admin(broker.bootstrapServers())) {
            Path out = folder.resolve("out.txt");
            Process second = second(out);
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(second.exitValue()).isEqualTo(ErrorCode.IN_USE.exitCode());
            assertThat(Files.readString(out))
                    .contains("IN_USE")
                    .contains("'" + folder.resolve("data") + "'");
            assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS)).hasSize(1);
            assertThat(broker.failure()).isNotDone();
        }
    }

    @Test
    void shouldTellWhenItsDirectoryIsTakenAwayAndLeaveTheProcessAlive()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path data = folder.resolve("data");
        try (var broker = EmbeddedBroker.start(data, 0);
                var other = EmbeddedBroker.start(folder.resolve("other"), 0);
                var admin = admin(broker.bootstrapServers())) {
            Files.move(data, folder.resolve("moved"));

            // A new topic needs its directory.
            var _ = admin.createTopics(List.of(new NewTopic("lost", 1, (short) 1)));

            assertThat(broker.failure().get(60, TimeUnit.SECONDS))
                    .contains("'" + data + "'")
                    .doesNotContain("\n");
            assertThat(other.failure()).isNotDone();
        }
    }

    @Test
    void shouldStartOverTheDirectoryOfAProcessThatWasKilled()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path out = folder.resolve("out.txt");
        Process first = second(out, "stay");
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(out).contains("started "));
            String address = Files.readString(out).strip().replace("started ", "");
            try (var admin = admin(address)) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();

        try (var broker = EmbeddedBroker.start(folder.resolve("data"), 0);
                var admin = admin(broker.bootstrapServers())) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains("kept");
        }
    }

    private Process second(Path out, String... more) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SecondProcess.class.getName(),
                                folder.resolve("data").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectOutput(out.toFile()).start();
    }

    private static Admin admin(String address) {
        return Admin.create(Map.of("bootstrap.servers", address));
    }
}
