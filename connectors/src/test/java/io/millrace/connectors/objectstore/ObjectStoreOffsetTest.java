package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectStoreOffsetTest {
    /** Connect looks an offset up by the bytes of its partition; another JVM must make the same. */
    @Test
    void shouldKeepTheFieldsOfASourcePartitionInOneOrder() {
        assertThat(ObjectStoreOffset.partition("photos", "a.jpg").keySet())
                .containsExactly("bucket", "key");
        assertThat(ObjectStoreOffset.startPartition("photos", "in/").keySet())
                .containsExactly("bucket", "prefix", "start");
    }
}
