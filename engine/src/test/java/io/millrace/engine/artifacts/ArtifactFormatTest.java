package io.millrace.engine.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.artifacts.ArtifactFormat.Manifest;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class ArtifactFormatTest {
    private static final String DIGEST = "ab".repeat(32);

    @Test
    void shouldCutAPackageIntoChunksThatFitARecord() {
        assertThat(Manifest.ofSize(1).chunks()).isEqualTo(1);
        assertThat(Manifest.ofSize(900_000).chunks()).isEqualTo(1);
        assertThat(Manifest.ofSize(900_001).chunks()).isEqualTo(2);
        assertThat(Manifest.ofSize(900_001).chunkSize(1)).isEqualTo(1);
        assertThat(Manifest.ofSize(ArtifactFormat.MAX_BYTES).chunks()).isLessThan(1000);
    }

    @Test
    void shouldFindItsOwnPartsAndNothingElse() {
        assertThat(part(DIGEST + "/0")).contains(new ArtifactFormat.Part.Chunk(0));
        assertThat(part(DIGEST + "/291")).contains(new ArtifactFormat.Part.Chunk(291));
        assertThat(part(DIGEST + "/manifest")).contains(new ArtifactFormat.Part.ManifestPart());
        assertThat(part("cd".repeat(32) + "/0")).isEmpty();
        assertThat(part(DIGEST + "/-1")).isEmpty();
        assertThat(part(DIGEST + "/99999999999")).isEmpty();
        assertThat(part(DIGEST + "/")).isEmpty();
    }

    @Test
    void shouldReadTheManifestItWrote() {
        Manifest manifest = Manifest.ofSize(2_000_000);

        ProducerRecord<byte[], byte[]> record =
                ArtifactFormat.manifestRecord("code", DIGEST, manifest);

        assertThat(ArtifactFormat.manifest(record.value())).contains(manifest);
    }

    @Test
    void shouldRefuseManifestsThatCannotBe() {
        assertThat(manifest("not json")).isEmpty();
        assertThat(manifest("{\"size\":10,\"chunks\":2}")).isEmpty();
        assertThat(manifest("{\"size\":-1,\"chunks\":0}")).isEmpty();
        assertThat(manifest("{\"size\":999999999999,\"chunks\":1111112}")).isEmpty();
        assertThat(manifest("{\"size\":10,\"chunks\":1,\"later\":true}")).isPresent();
    }

    @Test
    void shouldRefuseADigestThatCouldLeaveTheFolder() {
        assertThatThrownBy(() -> ArtifactDigest.checked("../../etc/passwd"))
                .isInstanceOf(MillraceException.class);
    }

    private static java.util.Optional<ArtifactFormat.Part> part(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return ArtifactFormat.part(new ConsumerRecord<>("code", 0, 0, bytes, bytes), DIGEST);
    }

    private static java.util.Optional<Manifest> manifest(String json) {
        return ArtifactFormat.manifest(json.getBytes(StandardCharsets.UTF_8));
    }
}
