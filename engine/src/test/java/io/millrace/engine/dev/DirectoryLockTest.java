package io.millrace.engine.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class DirectoryLockTest {
    @TempDir Path folder;

    @Test
    void shouldRefuseASecondOwnerUntilTheFirstLetsGo() {
        try (var first = DirectoryLock.take(folder)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.take(folder).close())
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE))
                    .hasMessageContaining(folder.toString());
        }
        assertThatCode(() -> DirectoryLock.take(folder).close()).doesNotThrowAnyException();
    }
}
