package io.millrace.bench.load;

import org.apache.kafka.common.utils.Utils;

/**
 * Which events a source topic gets. The same recipe always gives the same events at the same
 * offsets.
 *
 * @param events how many
 * @param bytes size of a value
 */
public record Recipe(long events, int bytes, int keys, Keys spread, int partitions, long seed) {

    /** Gets each event in order. */
    public interface Sink {
        void event(long ordinal, int key, int sequence, int partition, long offset);
    }

    /** Goes through all events, from the first one on. */
    public void forEach(Sink sink) {
        Keys.Row row = spread.row(keys, seed);
        int[] sequences = new int[keys];
        int[] partitionOf = partitionsOfKeys();
        long[] offsets = new long[partitions];
        for (long ordinal = 0; ordinal < events; ordinal++) {
            int key = row.next();
            int partition = partitionOf[key];
            sink.event(ordinal, key, sequences[key]++, partition, offsets[partition]++);
        }
    }

    /** The partition of every key, as Kafka's own partitioner chooses it. */
    public int[] partitionsOfKeys() {
        int[] partitionOf = new int[keys];
        for (int key = 0; key < keys; key++) {
            partitionOf[key] = Utils.toPositive(Utils.murmur2(EventBytes.key(key))) % partitions;
        }
        return partitionOf;
    }
}
