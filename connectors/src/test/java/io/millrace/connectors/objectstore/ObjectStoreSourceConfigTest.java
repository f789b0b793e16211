package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class ObjectStoreSourceConfigTest {
    private static final Map<String, String> LEAST =
            Map.of("objectstore.bucket", "photos", "topic", "objects");

    @Test
    void shouldHaveTheDocumentedDefaults() {
        ObjectStoreSourceConfig config = ObjectStoreSourceConfig.of(LEAST);

        assertThat(config)
                .isEqualTo(
                        new ObjectStoreSourceConfig(
                                Optional.empty(),
                                "us-east-1",
                                true,
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                "photos",
                                new ObjectFilter(
                                        "",
                                        List.of(),
                                        false,
                                        0,
                                        Long.MAX_VALUE,
                                        Set.of(Kind.values())),
                                new StartPosition.Everything(),
                                "objects",
                                Optional.empty(),
                                Duration.ofSeconds(10),
                                1000,
                                Duration.ofSeconds(10),
                                Duration.ofHours(24),
                                5_000_000,
                                true));
    }

    @Test
    void shouldReadEveryKey() {
        Map<String, String> all = new HashMap<>();
        all.put("objectstore.endpoint", "https://store:9000");
        all.put("objectstore.region", "eu-west-1");
        all.put("objectstore.path.style", "false");
        all.put("objectstore.access.key", "me");
        all.put("objectstore.secret.key", "hush");
        all.put("objectstore.session.token", "hush too");
        all.put("objectstore.size.min", "1");
        all.put("objectstore.size.max", "2");
        all.put("objectstore.events", "deleted");
        all.put("objectstore.bucket", "b");
        all.put("objectstore.prefix", "p/");
        all.put("objectstore.suffixes", ".a, .b");
        all.put("objectstore.directories", "true");
        all.put("objectstore.start", "2026-01-31T00:00:00Z");
        all.put("topic", "t");
        all.put("objectstore.poll.interval.ms", "11");
        all.put("objectstore.page.size", "12");
        all.put("objectstore.request.timeout.ms", "130");
        all.put("objectstore.outage.timeout.ms", "14");
        all.put("objectstore.known.objects.max", "15");
        all.put("objectstore.deleted.confirm", "false");

        ObjectStoreSourceConfig config = ObjectStoreSourceConfig.of(all);

        assertThat(all.keySet()).isEqualTo(ObjectStoreSourceConfig.DEFINITION.names());
        assertThat(config.endpoint()).contains(URI.create("https://store:9000"));
        assertThat(config.region()).isEqualTo("eu-west-1");
        assertThat(config.pathStyle()).isFalse();
        assertThat(config.accessKey()).isEqualTo("me");
        assertThat(config.secretKey().map(secret -> secret.value())).contains("hush");
        assertThat(config.bucket()).isEqualTo("b");
        assertThat(config.filter().prefix()).isEqualTo("p/");
        assertThat(config.filter().suffixes()).containsExactly(".a", ".b");
        assertThat(config.filter().directories()).isTrue();
        assertThat(config.start())
                .isEqualTo(new StartPosition.Since(Instant.parse("2026-01-31T00:00:00Z")));
        assertThat(config.topic()).isEqualTo("t");
        assertThat(config.pollInterval()).isEqualTo(Duration.ofMillis(11));
        assertThat(config.pageSize()).isEqualTo(12);
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofMillis(130));
        assertThat(config.outageTimeout()).isEqualTo(Duration.ofMillis(14));
        assertThat(config.maxKnownObjects()).isEqualTo(15);
        assertThat(config.confirmsDeleted()).isFalse();
        assertThat(config.filter().minSize()).isEqualTo(1);
        assertThat(config.filter().maxSize()).isEqualTo(2);
        assertThat(config.filter().events()).containsExactly(Kind.DELETED);
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void shouldRefuseHalfAPairOfCredentials() {
        Map<String, String> half = new HashMap<>(LEAST);
        half.put("objectstore.secret.key", "hush");

        assertThatThrownBy(() -> ObjectStoreSourceConfig.of(half))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("belong together")
                .hasMessageNotContaining("hush");
    }
}
