package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.stream.IntStream;

final class FingerprintTableTest {
    @Test
    void shouldKnowOnlyTheExactState() {
        FingerprintTable table = new FingerprintTable(10);
        StoredObject object = new StoredObject("a", "tag", 1, Instant.EPOCH);

        table.remember(object);

        assertThat(table.isUnchanged(object)).isTrue();
        assertThat(table.isUnchanged(new StoredObject("b", "tag", 1, Instant.EPOCH))).isFalse();
        assertThat(table.isUnchanged(new StoredObject("a", "other", 1, Instant.EPOCH))).isFalse();
        assertThat(table.isUnchanged(new StoredObject("a", "tag", 2, Instant.EPOCH))).isFalse();
        assertThat(table.isUnchanged(new StoredObject("a", "tag", 1, Instant.ofEpochMilli(1))))
                .isFalse();
    }

    @Test
    void shouldForgetTheStateBeforeWhenAnObjectReturnsToIt() {
        FingerprintTable table = new FingerprintTable(10);
        StoredObject first = object(1);
        table.remember(first);

        table.remember(new StoredObject(first.key(), "new", 1, Instant.EPOCH));

        assertThat(table.isUnchanged(first)).isFalse();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void shouldKeepEverythingWhileItGrows() {
        FingerprintTable table = new FingerprintTable(50_000);

        IntStream.range(0, 50_000).forEach(i -> table.remember(object(i)));

        assertThat(IntStream.range(0, 50_000).allMatch(i -> table.isUnchanged(object(i)))).isTrue();
        assertThat(table.size()).isEqualTo(50_000);
    }

    @Test
    void shouldTakeNoMoreThanItsBoundAndKeepWhatItHas() {
        FingerprintTable table = new FingerprintTable(100);

        IntStream.range(0, 200).forEach(i -> table.remember(object(i)));

        assertThat(table.size()).isEqualTo(100);
        assertThat(table.isUnchanged(object(0))).isTrue();
        assertThat(table.isUnchanged(object(150))).isFalse();
    }

    @Test
    void shouldMakeRoomForNewObjectsWhenAListingNoLongerShowsOldOnes() {
        FingerprintTable table = new FingerprintTable(100);
        IntStream.range(0, 100).forEach(i -> table.remember(object(i)));
        table.endListing();
        IntStream.range(50, 100).forEach(i -> table.isUnchanged(object(i)));

        table.endListing();

        assertThat(table.size()).isEqualTo(50);
        assertThat(table.isUnchanged(object(0))).isFalse();
        assertThat(table.isUnchanged(object(99))).isTrue();
    }

    private static StoredObject object(int i) {
        return new StoredObject("key" + i, "tag" + i, i, Instant.EPOCH);
    }
}
