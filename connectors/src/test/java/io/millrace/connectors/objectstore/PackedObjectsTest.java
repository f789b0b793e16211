package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

final class PackedObjectsTest {
    @Test
    void shouldReadBackWhatWasPacked() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            List<KnownObject> objects = objects(random, random.nextInt(40));

            PackedObjects packed = PackedObjects.of(objects);

            assertThat(packed.unpack()).isEqualTo(objects);
            assertThat(PackedObjects.ofText(packed.toText(), objects.size()))
                    .hasValueSatisfying(read -> assertThat(read.unpack()).isEqualTo(objects));
        }
    }

    @Test
    void shouldBeTheSameAppendedAsPackedAtOnce() {
        List<KnownObject> objects = objects(new SplittableRandom(8), 30);
        PackedObjects appended = PackedObjects.EMPTY;

        for (KnownObject each : objects) {
            assertThat(appended.endsBefore(each.key())).isTrue();
            appended = appended.append(each);
        }

        assertThat(appended.toText()).isEqualTo(PackedObjects.of(objects).toText());
        assertThat(appended.endsBefore(objects.get(29).key())).isFalse();
    }

    @Test
    void shouldOrderKeysAsS3Does() {
        // U+10000 is behind U+FFFF in UTF-8, before it in Java's strings.
        assertThat(ObjectKey.of("\uFFFD").isBefore(ObjectKey.of("\uD800\uDC00"))).isTrue();
        assertThat(ObjectKey.of("a").isBefore(ObjectKey.of("a/b"))).isTrue();
        assertThat(ObjectKey.of("\uDBFF\uDFFF").isBefore(ObjectKey.END)).isTrue();
    }

    @Test
    void shouldRefuseATextThatIsNotPackedObjects() {
        String whole = PackedObjects.of(objects(new SplittableRandom(9), 5)).toText();

        assertThat(PackedObjects.ofText(whole, 4)).isEmpty();
        assertThat(PackedObjects.ofText(whole.substring(0, whole.length() - 8), 5)).isEmpty();
        assertThat(PackedObjects.ofText("not base64", 1)).isEmpty();
        assertThat(PackedObjects.ofText("/////////w8=", 1)).isEmpty();
    }

    @Test
    void shouldNeverFailOnDamagedText() {
        SplittableRandom random = new SplittableRandom(10);
        char[] text = PackedObjects.of(objects(random, 8)).toText().toCharArray();
        IntStream.range(0, 5_000)
                .forEach(i -> {
                    char[] damaged = text.clone();
                    damaged[random.nextInt(damaged.length)] = (char) ('A' + random.nextInt(58));

                    assertThat(PackedObjects.ofText(new String(damaged), 8)).isNotNull();
                });
    }

    private static List<KnownObject> objects(SplittableRandom random, int number) {
        TreeSet<ObjectKey> keys = new TreeSet<>();
        while (keys.size() < number) {
            StringBuilder key = new StringBuilder("folder/");
            random.ints(1 + random.nextInt(300), 'a', 'e').forEach(c -> key.append((char) c));
            keys.add(ObjectKey.of(key.toString()));
        }
        List<KnownObject> objects = new ArrayList<>();
        keys.forEach(key -> objects.add(new KnownObject(key, random.nextLong())));
        return objects;
    }
}
