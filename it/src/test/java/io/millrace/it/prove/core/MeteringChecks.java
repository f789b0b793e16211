package io.millrace.it.prove.core;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.it.prove.Check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges the metering topic. Pure. */
final class MeteringChecks {
    private MeteringChecks() {}

    /** One entry per call of the handler, far fewer records than entries. */
    static List<Check> packed(Seen seen, int records) {
        int entries = seen.attempts().size();
        return List.of(
                Check.equal("metering has one entry per attempt", seen.calls().size(), entries),
                new Check(
                        "metering entries are packed",
                        "at most a fifth as many records as " + entries + " entries",
                        Integer.toString(records),
                        records > 0 && records * 5 <= entries),
                billed(seen));
    }

    /** Billed are the milliseconds begun, and no attempt is there twice. */
    private static Check billed(Seen seen) {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> found = new HashMap<>();
        for (MeteredAttempt attempt : seen.attempts()) {
            long nanos = attempt.usage().duration().toNanos();
            long billed = attempt.usage().billed().toMillis();
            if (billed != Math.ceilDiv(nanos, 1_000_000L)) {
                wrong.add(nanos + " ns billed as " + billed + " ms");
            }
            if (found.merge(attempt.requestId() + "#" + attempt.attempt(), 1, Integer::sum) == 2) {
                wrong.add(attempt.requestId() + " attempt " + attempt.attempt() + " twice");
            }
        }
        return Check.none("attempts are billed once, by milliseconds begun", "all", wrong);
    }

    /** What the command prints is what the reader finds. */
    static Check agrees(long attempts, long billedMillis, List<String> printed) {
        String total =
                printed.stream().filter(line -> line.startsWith("total ")).findFirst().orElse("");
        long lines = printed.stream().filter(line -> line.contains(" trigger=")).count();
        String wanted = "total attempts=" + attempts + " billed=" + billedMillis + "ms";
        return new Check(
                "millrace metering and the reader agree",
                attempts + " lines, " + wanted,
                lines + " lines, " + total,
                attempts > 0 && lines == attempts && total.startsWith(wanted + " "));
    }
}
