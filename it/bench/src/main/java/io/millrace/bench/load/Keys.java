package io.millrace.bench.load;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How the keys of events are spread. */
public enum Keys {
    /** The n-th most frequent key has 1/n of the events of the first: Zipf(1.0). */
    ZIPF {
        @Override
        double weight(int rank) {
            return 1.0 / (rank + 1);
        }
    },
    /** One after the other: each once, if there are as many events. */
    EACH {
        @Override
        double weight(int rank) {
            return 1.0;
        }

        @Override
        public Row row(int keys, long seed) {
            return new Row(new double[keys], new SplittableRandom(seed), true);
        }
    },
    /** All keys are equally frequent. */
    UNIFORM {
        @Override
        double weight(int rank) {
            return 1.0;
        }
    };

    abstract double weight(int rank);

    /** A row of keys that is the same for the same seed. */
    public Row row(int keys, long seed) {
        double[] sums = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += weight(rank);
            sums[rank] = sum;
        }
        return new Row(sums, new SplittableRandom(seed), false);
    }

    /** Gives one key after the other. Threading: one thread. */
    public static final class Row {
        private final double[] sums;
        private final SplittableRandom random;

        private final boolean inTurn;
        private int last = -1;

        private Row(double[] sums, SplittableRandom random, boolean inTurn) {
            this.sums = sums;
            this.random = random;
            this.inTurn = inTurn;
        }

        /** Number of the next key. */
        public int next() {
            if (inTurn) {
                last = (last + 1) % sums.length;
                return last;
            }
            double point = random.nextDouble() * sums[sums.length - 1];
            int found = Arrays.binarySearch(sums, point);
            return Math.min(found < 0 ? -found - 1 : found + 1, sums.length - 1);
        }

        public int keys() {
            return sums.length;
        }
    }
}
