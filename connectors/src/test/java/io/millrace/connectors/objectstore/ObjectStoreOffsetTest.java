package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ObjectStoreOffsetTest {
    /** Connect looks an offset up by these bytes, in this process and in every later one. */
    @Test
    void shouldNameAPlaceByTheSameTextInEveryProcess() {
        assertThat(ObjectStoreOffset.partition("photos", "a.jpg"))
                .hasToString("{bucket=photos, key=a.jpg}");
        assertThat(ObjectStoreOffset.startPartition("photos", "in/"))
                .hasToString("{bucket=photos, prefix=in/, start=now}");
    }
}
