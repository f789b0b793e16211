package io.millrace.examples.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.functions.NonRetryable;
import io.millrace.functions.events.ObjectEvent;
import io.millrace.functions.events.ObjectEvent.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.core.exception.SdkClientException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

final class ThumbnailFunctionTest {
    private final ThumbnailFunction function = new ThumbnailFunction();

    @Test
    void shouldNameASettingThatIsMissing() {
        assertThatThrownBy(() -> handle(Kind.CREATED, "photos", 1, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'THUMBNAIL_BUCKET' is missing");
        assertThatThrownBy(() ->
                        handle(Kind.CREATED, "photos", 1, Map.of("THUMBNAIL_BUCKET", "small")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'S3_REGION' is missing");
    }

    @Test
    void shouldRefuseToMakeThumbnailsOfThumbnails() {
        assertThatThrownBy(
                        () -> handle(Kind.CREATED, "small", 1, Map.of("THUMBNAIL_BUCKET", "small")))
                .isInstanceOf(NonRetryable.class)
                .hasMessageContaining("every thumbnail would get a thumbnail");
    }

    @Test
    void shouldRefuseAnObjectThatDoesNotFitIntoMemory() {
        assertThatThrownBy(() ->
                        handle(
                                Kind.OVERWRITTEN,
                                "photos",
                                1L << 40,
                                Map.of("THUMBNAIL_BUCKET", "small")))
                .isInstanceOf(NonRetryable.class)
                .hasMessageContaining("'photos/a.png' is larger than");
    }

    @Test
    void shouldFailForAnotherAttemptWhenTheStoreCannotBeReached() throws IOException {
        // Given
        int closedPort;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = taken.getLocalPort();
        }
        Map<String, String> settings =
                Map.of(
                        "S3_ENDPOINT", "http://localhost:" + closedPort,
                        "S3_REGION", "eu-central-1",
                        "S3_ACCESS_KEY", "key",
                        "S3_SECRET_KEY", "secret",
                        "THUMBNAIL_BUCKET", "small");

        // When, Then
        assertThatThrownBy(() -> handle(Kind.CREATED, "photos", 1, settings))
                .isInstanceOf(SdkClientException.class)
                .isNotInstanceOf(NonRetryable.class);
        function.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DELETED", "UNKNOWN"})
    void shouldDoNothingForAnObjectThatWasNotWritten(Kind kind) throws IOException {
        assertThat(
                        function.handle(
                                ObjectEvent.of(kind, "photos", "a.png", 0),
                                new SettingsContext(Map.of())))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, a.jpg",
        "2026/summer.v2.jpeg, 2026/summer.v2.jpg",
        "a, a.jpg",
        "v1.2/a, v1.2/a.jpg",
        ".hidden, .hidden.jpg",
        "x/.hidden, x/.hidden.jpg"
    })
    void shouldReplaceTheExtensionOfTheKey(String key, String expected) {
        assertThat(ThumbnailFunction.thumbnailKey(key)).isEqualTo(expected);
    }

    private void handle(Kind kind, String bucket, long size, Map<String, String> settings)
            throws IOException {
        Thumbnail made =
                function.handle(
                        ObjectEvent.of(kind, bucket, "a.png", size), new SettingsContext(settings));
        assertThat(made).as("no thumbnail can be made here").isNull();
    }
}
