package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

final class RegistryConfigTest {
    @Test
    void shouldHaveTheDocumentedDefaults() {
        RegistryConfig config = RegistryConfig.of("http://a:8081");

        assertThat(config)
                .isEqualTo(
                        new RegistryConfig(
                                List.of(URI.create("http://a:8081")),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofSeconds(10),
                                new RetryLimits(3, Duration.ofMillis(100), Duration.ofSeconds(5)),
                                1_000));
    }

    @Test
    void shouldReadEveryKey() {
        Map<String, Object> settings =
                Map.of(
                        "schema.registry.url", "http://a:8081/, https://b/path/",
                        "basic.auth.credentials.source", "USER_INFO",
                        "basic.auth.user.info", "joe:pass:word",
                        "http.read.timeout.ms", "500",
                        "max.retries", 7,
                        "retries.wait.ms", "10",
                        "retries.max.wait.ms", 20L,
                        "schema.registry.cache.capacity", "5",
                        "bootstrap.servers", "ignored");

        RegistryConfig config = RegistryConfig.from(settings);

        assertThat(config)
                .isEqualTo(
                        new RegistryConfig(
                                List.of(URI.create("http://a:8081"), URI.create("https://b/path")),
                                Optional.of(new Credentials("joe", "pass:word")),
                                Optional.empty(),
                                Duration.ofMillis(500),
                                new RetryLimits(7, Duration.ofMillis(10), Duration.ofMillis(20)),
                                5));
    }

    @Test
    void shouldReadWhatKafkaParsed() {
        Map<String, Object> settings =
                Map.of(
                        "schema.registry.url",
                        List.of("http://a", "http://b"),
                        "basic.auth.user.info",
                        new Password("joe:secret"));

        RegistryConfig config = RegistryConfig.from(settings);

        assertThat(config.urls()).containsExactly(URI.create("http://a"), URI.create("http://b"));
        assertThat(config.credentials()).contains(new Credentials("joe", "secret"));
    }

    @Test
    void shouldTakeTheUserOutOfTheUrl() {
        RegistryConfig config = RegistryConfig.of("http://joe:s%40cret@a:8081,http://b:8081");

        assertThat(config.urls())
                .containsExactly(URI.create("http://a:8081"), URI.create("http://b:8081"));
        assertThat(config.credentials()).contains(new Credentials("joe", "s@cret"));
    }

    @Test
    void shouldNotPrintThePassword() {
        assertThat(RegistryConfig.of("http://joe:topsecret@a").toString())
                .contains("joe")
                .doesNotContain("topsecret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " , ", "a:8081", "ftp://a", "http://", "http://a b", "//x:topsecret@a"})
    void shouldRefuseWhatIsNoUrl(String url) {
        RegistryException failure =
                catchThrowableOfType(RegistryException.class, () -> RegistryConfig.of(url));

        assertThat(failure.kind()).isEqualTo(RegistryException.Kind.INVALID);
        assertThat(failure).message().contains("schema.registry.url").doesNotContain("topsecret");
    }

    @ParameterizedTest
    @CsvSource({
        "max.retries, many",
        "max.retries, -1",
        "max.retries, 101",
        "http.read.timeout.ms, 0",
        "http.read.timeout.ms, 1s",
        "retries.max.wait.ms, 1",
        "schema.registry.cache.capacity, 0",
        "basic.auth.credentials.source, SASL_INHERIT",
        "bearer.auth.credentials.source, STATIC_TOKEN"
    })
    void shouldNameTheSettingThatIsNotAllowed(String key, String value) {
        RegistryException failure = refused(Map.of(key, value));

        assertThat(failure.kind()).isEqualTo(RegistryException.Kind.INVALID);
        assertThat(failure).message().contains("'" + key + "'").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"topsecret", ":topsecret"})
    void shouldRefuseHalfACredentialWithoutTellingIt(String pair) {
        RegistryException failure = refused(Map.of("basic.auth.user.info", pair));

        assertThat(failure).message().contains("user:password").doesNotContain("topsecret");
    }

    @Test
    void shouldRefuseAMissingUserInfo() {
        RegistryException failure = refused(Map.of("basic.auth.credentials.source", "USER_INFO"));

        assertThat(failure).message().contains("'basic.auth.user.info' is missing");
    }

    @Test
    void shouldRefuseTwoUsersForOneRegistry() {
        RegistryException failure =
                refused(Map.of("schema.registry.url", "http://a:topsecret@h,http://b:topsecret@i"));

        assertThat(failure).message().contains("different users").doesNotContain("topsecret");
    }

    @Test
    void shouldDoubleTheBoundOfTheWaitUpToTheLargest() {
        RetryLimits limits = new RetryLimits(9, Duration.ofMillis(100), Duration.ofMillis(300));
        // A generator that always gives the most it may.
        LargestRandom largest = new LargestRandom();

        List<Long> waits =
                List.of(0, 1, 2, 60).stream()
                        .map(retry -> limits.delay(retry, largest).toMillis())
                        .toList();

        assertThat(waits).containsExactly(100L, 200L, 300L, 300L);
    }

    private static RegistryException refused(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put("schema.registry.url", "http://a");
        all.putAll(settings);
        return catchThrowableOfType(RegistryException.class, () -> RegistryConfig.from(all));
    }

    private static final class LargestRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }
}
