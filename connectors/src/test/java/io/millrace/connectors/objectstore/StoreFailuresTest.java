package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.util.HashMap;
import java.util.Map;

final class StoreFailuresTest {
    private final Map<String, String> properties =
            new HashMap<>(Map.of("objectstore.bucket", "photos", "topic", "objects"));

    @Test
    void shouldSayThatFixedCredentialsHaveExpired() {
        properties.put("objectstore.access.key", "me");
        properties.put("objectstore.secret.key", "hush");

        StoreException failure = failures().of(answer(400, "ExpiredToken"));

        assertThat(failure.text()).contains("have expired").contains("objectstore.session.token");
        assertThat(failure.configKey()).hasValue("objectstore.session.token");
    }

    @Test
    void shouldWaitForNewCredentialsWhereTheyAreGivenOut() {
        StoreException failure = failures().of(answer(400, "ExpiredToken"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.text()).contains("have expired");
    }

    @Test
    void shouldWaitForAClockThatIsWrong() {
        StoreException failure = failures().of(answer(403, "RequestTimeTooSkewed"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.text()).contains("clock");
    }

    @Test
    void shouldNameTheKeyWhenObjectsMayBeListedAndNotLookedAt() {
        StoreException failure = failures().ofCheck(answer(403, ""));

        assertThat(failure.configKey()).hasValue("objectstore.deleted.confirm");
        assertThat(failure.text()).contains("s3:GetObject");
    }

    @Test
    void shouldTellThrottlingFromRefusal() {
        assertThat(failures().of(answer(503, "SlowDown")).isTransient()).isTrue();
        assertThat(failures().of(answer(429, "")).isTransient()).isTrue();
        assertThat(failures().of(answer(403, "AccessDenied")).isTransient()).isFalse();
        assertThat(failures().cutListing().isTransient()).isTrue();
    }

    private StoreFailures failures() {
        return new StoreFailures(ObjectStoreSourceConfig.of(properties));
    }

    private static AwsServiceException answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
