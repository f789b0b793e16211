package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class RecipeTest {
    @Test
    void shouldGiveTheSameEventsAgain() {
        Recipe recipe = new Recipe(1_000, 100, 50, Keys.ZIPF, 8, 42);

        assertThat(lines(recipe)).isEqualTo(lines(recipe));
        assertThat(lines(recipe)).isNotEqualTo(lines(new Recipe(1_000, 100, 50, Keys.ZIPF, 8, 43)));
    }

    @Test
    void shouldNumberEventsWithinKeyAndPartition() {
        Recipe recipe = new Recipe(1_000, 100, 50, Keys.ZIPF, 8, 42);
        int[] sequences = new int[50];
        long[] offsets = new long[8];

        recipe.forEach((_, key, sequence, partition, offset) -> {
            assertThat(sequence).isEqualTo(sequences[key]++);
            assertThat(offset).isEqualTo(offsets[partition]++);
        });
    }

    @Test
    void shouldChoosePartitionsAsTheProducerDoes() {
        Recipe recipe = new Recipe(1, 100, 200, Keys.UNIFORM, 8, 1);

        for (int key = 0; key < 200; key++) {
            assertThat(recipe.partitionsOfKeys()[key])
                    .isEqualTo(BuiltInPartitioner.partitionForKey(EventBytes.key(key), 8));
        }
    }

    @Test
    void shouldSpreadKeysByZipf() {
        int[] counts = counts(Keys.ZIPF);

        // The harmonic number of 100 is 5.187.
        assertThat(counts[0]).isBetween(18_500, 20_000);
        assertThat(counts[1]).isBetween(9_200, 10_100);
        assertThat(counts[9]).isBetween(1_700, 2_150);
    }

    @Test
    void shouldSpreadKeysEvenly() {
        assertThat(Arrays.stream(counts(Keys.UNIFORM)).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    }

    @Test
    void shouldReadBackWhatIsInAValue() {
        ByteBuffer value = ByteBuffer.wrap(EventBytes.value(100, 5_000_000_000L, 7, 11, -3));

        assertThat(value.capacity()).isEqualTo(100);
        assertThat(EventBytes.ordinal(value)).isEqualTo(5_000_000_000L);
        assertThat(EventBytes.keyNumber(value)).isEqualTo(7);
        assertThat(EventBytes.sequence(value)).isEqualTo(11);
        assertThat(EventBytes.dueNanos(value)).isEqualTo(-3);
    }

    private static int[] counts(Keys keys) {
        int[] counts = new int[100];
        Keys.Row row = keys.row(100, 42);
        for (int i = 0; i < 100_000; i++) {
            counts[row.next()]++;
        }
        return counts;
    }

    private static List<String> lines(Recipe recipe) {
        List<String> lines = new ArrayList<>();
        recipe.forEach((ordinal, key, sequence, partition, offset) ->
                lines.add(ordinal + " " + key + " " + sequence + " " + partition + " " + offset));
        return lines;
    }
}
