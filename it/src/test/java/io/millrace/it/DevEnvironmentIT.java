package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.dev.DevEnvironment;
import io.millrace.engine.dev.DevPorts;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.SystemTimeSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

final class DevEnvironmentIT {
    @TempDir Path folder;

    @Test
    void shouldLeaveNothingRunningWhenOnePartDoesNotStart() {
        Path data = folder.resolve("data");
        assertThatThrownBy(() ->
                        DevEnvironment.start(
                                        data,
                                        DevPorts.FREE,
                                        config -> {
                                            throw new MillraceException(
                                                    ErrorCode.FAILED, "no engine today");
                                        },
                                        new SystemTimeSource())
                                .close())
                .isInstanceOf(MillraceException.class)
                .hasMessage("no engine today");

        // Ports and locks are free again: the same directory can be started.
        var stopped = new AtomicBoolean();
        try (var environment =
                DevEnvironment.start(
                        data,
                        DevPorts.FREE,
                        config -> () -> stopped.set(true),
                        new SystemTimeSource())) {
            assertThat(environment.startTimes())
                    .containsOnlyKeys(
                            "broker", "schema-registry", "connect", "object-store", "engine");
        }
        assertThat(stopped).isTrue();
    }

    @Test
    void shouldKeepWhatIsInItWhenStartedAgainAndRefuseASecondOwner() throws IOException {
        Path data = folder.resolve("data");
        Path file = Files.writeString(folder.resolve("a.txt"), "kept");
        try (var environment = start(data)) {
            assertThatThrownBy(() -> start(data).close())
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining("'" + data + "'");
            try (var store = environment.objectStore()) {
                store.makeBucket("things");
                store.put("things", "a.txt", file, "text/plain");
            }
        }
        try (var environment = start(data);
                var store = environment.objectStore()) {
            assertThat(store.get("things", "a.txt"))
                    .hasValue("kept".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldRefuseADirectoryOfAnotherLayout() throws IOException {
        Files.writeString(folder.resolve("layout-version"), "99\n");

        assertThatThrownBy(() -> start(folder).close())
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'99'");
    }

    private static DevEnvironment start(Path data) {
        return DevEnvironment.start(
                data, DevPorts.FREE, config -> () -> {}, new SystemTimeSource());
    }
}
