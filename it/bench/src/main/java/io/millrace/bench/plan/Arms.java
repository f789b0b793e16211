package io.millrace.bench.plan;

import io.millrace.bench.arm.ArmKind;

import java.util.Map;
import java.util.TreeMap;

/** The contenders with the settings that were found to be the best for them. */
final class Arms {
    static final Contender RAW = Contender.of("R", ArmKind.RAW);
    static final Contender SHARE = Contender.of("SH", ArmKind.SHARE);
    static final Contender STREAMS =
            Contender.of(
                    "KS",
                    ArmKind.STREAMS,
                    "producer.linger.ms",
                    "5",
                    "producer.batch.size",
                    "131072");

    /** So that it can be stopped while handlers wait inside its loop. */
    static final Contender WAITING_STREAMS =
            Contender.of(
                    "KS",
                    ArmKind.STREAMS,
                    "producer.linger.ms",
                    "5",
                    "max.poll.interval.ms",
                    "4000",
                    "max.poll.records",
                    "100");

    private Arms() {}

    static Contender parallel(String name, int threads) {
        return Contender.of(
                name,
                ArmKind.PARALLEL,
                "threads",
                Integer.toString(threads),
                "linger.ms",
                "1",
                "commit",
                "transactional");
    }

    static Contender latencyParallel() {
        return Contender.of(
                "PC", ArmKind.PARALLEL, "threads", "100", "linger.ms", "0", "commit.ms", "10");
    }

    static Contender millrace(int lanes, int concurrency) {
        return millrace(Plan.MILLRACE, ArmKind.MILLRACE, Integer.toString(lanes), concurrency);
    }

    /** The product or an ablation of it. */
    static Contender millrace(String name, ArmKind kind, String lanes, int concurrency) {
        return Contender.of(
                name, kind, "lanes", lanes, "max-concurrency", Integer.toString(concurrency));
    }

    /** The same contender with more settings, and under another name. */
    static Contender with(Contender contender, String name, String... namesAndValues) {
        Map<String, String> settings = new TreeMap<>(contender.settings());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Contender(name, contender.arm(), settings);
    }
}
