package io.millrace.it.prove.chaos;

import io.millrace.it.prove.chaos.ChaosHistory.Attempt;
import io.millrace.it.prove.chaos.ChaosHistory.Outcome;
import io.millrace.it.prove.chaos.ChaosHistory.Run;
import io.millrace.it.prove.chaos.ChaosHistory.Sample;
import io.millrace.it.prove.chaos.ChaosHistory.SourceRecord;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What has to do with before and after. Pure. */
final class OrderChecks {
    private final ChaosHistory history;
    private final Ledger ledger;

    OrderChecks(ChaosHistory history, Ledger ledger) {
        this.history = history;
        this.ledger = ledger;
    }

    List<String> results() {
        return outOfOrder(Outcome::isResult);
    }

    List<String> deadLetters() {
        return outOfOrder(outcome -> !outcome.isResult());
    }

    /** In one partition of a topic, events of one key and source partition come in their order. */
    private List<String> outOfOrder(Predicate<Outcome> which) {
        List<String> faults = new ArrayList<>();
        Map<String, Outcome> last = new HashMap<>();
        for (Outcome outcome : history.topics().outcomes()) {
            if (!which.test(outcome)) {
                continue;
            }
            String key = keyOf(outcome.source());
            Outcome before = last.put(key, outcome);
            if (before == null) {
                continue;
            }
            if (!before.partition().equals(outcome.partition())) {
                faults.add(key + ": in " + before.position() + " and " + outcome.position());
            } else if (offset(before.source()) > offset(outcome.source())) {
                faults.add(before.source() + " before " + outcome.source());
            }
        }
        return faults;
    }

    /** Last attempts are in the metering topic in the order in which they were committed. */
    List<String> commits() {
        List<Attempt> all = history.topics().attempts();
        Map<String, Integer> lastAttempts = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            lastAttempts.put(all.get(i).source(), i);
        }
        List<String> faults = new ArrayList<>();
        Map<String, String> last = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Attempt attempt = all.get(i);
            if (lastAttempts.getOrDefault(attempt.source(), i) != i) {
                continue;
            }
            String before = last.put(keyOf(attempt.source()), attempt.source());
            if (before != null && offset(before) > offset(attempt.source())) {
                faults.add(before + " before " + attempt.source());
            }
        }
        return faults;
    }

    /** Whatever ran again after a crash: the first start of an event is after its predecessor. */
    List<String> starts() {
        List<String> faults = new ArrayList<>();
        Map<String, SourceRecord> last = new HashMap<>();
        for (SourceRecord record : history.source()) {
            if (ledger.kind(record.id()) == Kind.UNDECODABLE) {
                continue;
            }
            SourceRecord before = last.put(keyOf(record.position()), record);
            if (before == null) {
                continue;
            }
            OptionalLong done = firstDone(before);
            OptionalLong start = ledger.runs(record.id()).stream().mapToLong(Run::start).min();
            if (start.isPresent()
                    && (done.isEmpty() || start.getAsLong() < done.getAsLong())
                    && !gaveUpForPauses(before)) {
                faults.add(record.position() + " started before " + before.position() + " ended");
            }
        }
        return faults;
    }

    /** When the last run that was needed had come to its end for the first time. */
    private OptionalLong firstDone(SourceRecord record) {
        Kind kind = ledger.kind(record.id());
        List<Run> runs = ledger.runs(record.id());
        if (kind == Kind.HANGING) {
            // It does not come back; its last attempt has begun at least.
            return runs.stream()
                    .filter(run -> run.attempt() >= kind.attempts())
                    .mapToLong(Run::start)
                    .min();
        }
        return runs.stream()
                .filter(run -> run.end() > 0)
                .filter(run -> run.word().equals("ok") || run.attempt() >= kind.attempts())
                .mapToLong(Run::end)
                .min();
    }

    private boolean gaveUpForPauses(SourceRecord record) {
        return ledger.attempts(record.position()).stream()
                .anyMatch(attempt -> attempt.outcome().equals("TIMED_OUT"));
    }

    /**
     * A process started after an offset was committed as finished must not run its event, unless it
     * was finished by being parked.
     */
    List<String> runsAfterFinish() {
        Map<String, SourceRecord> byId = new HashMap<>();
        history.source().forEach(record -> byId.put(record.id(), record));
        Map<String, Optional<Mark>> marks = new HashMap<>();
        List<String> faults = new ArrayList<>();
        for (Run run : history.handlers().runs()) {
            SourceRecord record = byId.get(run.id());
            Long birth = history.handlers().births().get(run.pid());
            if (record == null
                    || birth == null
                    || history.topics().parked().contains(record.position())) {
                continue;
            }
            String partition = partition(record.position());
            boolean finished =
                    marks.computeIfAbsent(
                                    run.pid() + "@" + birth + partition,
                                    _ -> lastBefore(birth, partition))
                            .filter(mark -> mark.isFinished(offset(record.position())))
                            .isPresent();
            if (finished) {
                faults.add(record.position() + " in process " + run.pid());
            }
        }
        return faults;
    }

    private Optional<Mark> lastBefore(long nanos, String partition) {
        return history.samples().stream()
                .filter(sample -> sample.partition().equals(partition))
                .filter(sample -> sample.nanos() < nanos)
                .max(Comparator.comparingLong(Sample::nanos))
                .flatMap(OrderChecks::mark);
    }

    private static Optional<Mark> mark(Sample sample) {
        try {
            return Optional.of(Mark.of(sample.offset(), sample.metadata()));
        } catch (IllegalArgumentException _) {
            // Reported by the check of the metadata.
            return Optional.empty();
        }
    }

    /** Ordering key and source partition. */
    private String keyOf(String position) {
        String key = ledger.source(position).map(record -> record.content().key()).orElse("");
        return partition(position) + " " + key;
    }

    private static String partition(String position) {
        return position.substring(0, Math.max(0, position.lastIndexOf('-')));
    }

    private static long offset(String position) {
        String offset = position.substring(position.lastIndexOf('-') + 1);
        return offset.isEmpty() ? -1 : Long.parseLong(offset);
    }
}
