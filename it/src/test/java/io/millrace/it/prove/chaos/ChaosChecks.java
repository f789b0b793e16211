package io.millrace.it.prove.chaos;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.chaos.ChaosHistory.Attempt;
import io.millrace.it.prove.chaos.ChaosHistory.End;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;
import io.millrace.it.prove.chaos.ChaosHistory.Outcome;
import io.millrace.it.prove.chaos.ChaosHistory.Probes;
import io.millrace.it.prove.chaos.ChaosHistory.Sample;
import io.millrace.it.prove.chaos.ChaosHistory.Sent;
import io.millrace.it.prove.chaos.ChaosHistory.SourceRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges what was seen of a run. Pure: every check always, whatever the history. */
final class ChaosChecks {
    private static final double PROBE_LIMIT = 10;
    private static final String TIMED_OUT = "TIMED_OUT";
    private static final String SUCCEEDED = "SUCCEEDED";

    private final ChaosHistory history;
    private final Ledger ledger;

    private ChaosChecks(ChaosHistory history) {
        this.history = history;
        this.ledger = Ledger.of(history);
    }

    static List<Check> of(ChaosHistory history) {
        ChaosChecks checks = new ChaosChecks(history);
        OrderChecks order = new OrderChecks(history, checks.ledger);
        return List.of(
                Check.none("I1 nothing is lost", "an outcome of every event", checks.lost()),
                Check.none("I2 nothing is there twice", "one outcome", checks.duplicates()),
                Check.none(
                        "I2 what was committed once stays",
                        "what a reader saw during the faults",
                        checks.vanished()),
                Check.none("I3 nothing comes from nowhere", "events sent", checks.ghosts()),
                Check.none("I4 results keep the order of their key", "in order", order.results()),
                Check.none(
                        "I4 dead letters keep the order of their key",
                        "in order",
                        order.deadLetters()),
                Check.none(
                        "I4 outcomes are committed in the order of their key",
                        "in order",
                        order.commits()),
                Check.none(
                        "I4 no handler starts before its predecessor of the key is done",
                        "one after the other",
                        order.starts()),
                Check.none("I5 outcomes and metering agree", "one to one", checks.disagreements()),
                Check.none(
                        "I6 dead letters are their events, byte for byte",
                        "the same keys, values and headers",
                        checks.changedLetters()),
                Check.none("I6 every event ends as its kind asks", "as asked", checks.wrongEnds()),
                Check.none(
                        "I7 metering covers what the handlers measured",
                        "at least their time",
                        checks.underMetered()),
                Check.none("I8 marks are at the end, without a set", "at rest", checks.unrest()),
                Check.none("I8 no transaction is open", "at the end", checks.openTransactions()),
                Check.equal("I9 nothing is parked", 0, history.rest().parked()),
                Check.equal("I9 no handler runs", 0, history.handlers().open()),
                Check.none("I10 attempts are 1 to n", "no gap", checks.attemptGaps()),
                checks.probes(),
                Check.none("I12 work goes on in time", "within the goal", checks.lateRecoveries()),
                checks.faultsHitWork(),
                Check.none(
                        "I15 what was committed as finished never runs again",
                        "no further run",
                        order.runsAfterFinish()),
                Check.none("I16 committed metadata can be read", "readable", checks.unreadable()),
                Check.none(
                        "processes told to end do so cleanly",
                        "exit code 0",
                        history.rest().exits()));
    }

    private List<String> lost() {
        List<String> faults = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Sent sent : history.sent()) {
            if (sent.isAcknowledged()) {
                known.add(sent.position());
                if (ledger.outcomes(sent.position()).isEmpty()) {
                    faults.add(sent.position() + " (" + sent.kind() + ")");
                }
            }
        }
        for (SourceRecord record : history.source()) {
            if (!known.contains(record.position())
                    && ledger.outcomes(record.position()).isEmpty()) {
                faults.add(record.position() + " (never acknowledged)");
            }
        }
        known.stream()
                .filter(position -> !ledger.hasSource(position))
                .forEach(position -> faults.add(position + " (gone from its topic)"));
        return faults;
    }

    private List<String> duplicates() {
        List<String> faults = new ArrayList<>();
        ledger.outcomesBySource()
                .forEach((source, outcomes) -> {
                    if (outcomes.size() > 1) {
                        faults.add(
                                source + ": " + outcomes.stream().map(Outcome::position).toList());
                    }
                });
        return faults;
    }

    private List<String> vanished() {
        Map<String, String> found = new HashMap<>();
        history.topics()
                .outcomes()
                .forEach(outcome -> found.put(outcome.position(), outcome.source()));
        List<String> faults = new ArrayList<>();
        history.topics()
                .seenLive()
                .forEach((position, source) -> {
                    if (!source.equals(found.get(position))) {
                        faults.add(position + " of " + source);
                    }
                });
        return faults;
    }

    private List<String> ghosts() {
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : history.topics().outcomes()) {
            if (!ledger.hasSource(outcome.source())) {
                faults.add(outcome.position() + ": of '" + outcome.source() + "'");
            }
        }
        for (Attempt attempt : history.topics().attempts()) {
            if (!ledger.hasSource(attempt.source())) {
                faults.add("metering of '" + attempt.source() + "'");
            }
        }
        Set<String> ids = new HashSet<>();
        for (SourceRecord record : history.source()) {
            if (!ledger.isSent(record.id())) {
                faults.add(record.position() + ": never sent");
            } else if (!ids.add(record.id())) {
                faults.add(record.position() + ": sent once, in the topic twice");
            }
        }
        return faults;
    }

    /** The last attempt of an event that was metered is the one its outcome tells of. */
    private List<String> disagreements() {
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : history.topics().outcomes()) {
            List<Attempt> attempts = ledger.attempts(outcome.source());
            if (outcome.condition().equals(Kind.UNDECODABLE.condition())) {
                if (!attempts.isEmpty()) {
                    faults.add(outcome.source() + ": undecodable, but metered");
                }
                continue;
            }
            if (attempts.isEmpty()) {
                faults.add(outcome.source() + ": not metered");
                continue;
            }
            Attempt last = attempts.getLast();
            if (last.number() != outcome.attempt()) {
                faults.add(
                        outcome.source()
                                + ": attempt "
                                + outcome.attempt()
                                + ", metered up to "
                                + last.number());
            }
            if (last.outcome().equals(SUCCEEDED) != outcome.isResult()
                    && !outcome.condition().equals(Kind.LARGE_RESULT.condition())) {
                faults.add(outcome.source() + ": metered as " + last.outcome());
            }
            if (attempts.stream().map(Attempt::requestId).distinct().count() > 1) {
                faults.add(outcome.source() + ": attempts of several requests");
            }
        }
        for (Attempt attempt : history.topics().attempts()) {
            if (ledger.outcomes(attempt.source()).isEmpty()) {
                faults.add(attempt.source() + ": metered, but without outcome");
            }
        }
        return faults;
    }

    private List<String> changedLetters() {
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : history.topics().outcomes()) {
            var event = ledger.source(outcome.source());
            if (outcome.isResult() || event.isEmpty()) {
                continue;
            }
            ChaosHistory.Content was = event.get().content();
            ChaosHistory.Content is = outcome.content();
            if (!was.key().equals(is.key())) {
                faults.add(outcome.position() + ": another key");
            }
            if (!was.value().equals(is.value())) {
                faults.add(outcome.position() + ": another value");
            }
            if (is.headers().size() < was.headers().size()
                    || !is.headers().subList(0, was.headers().size()).equals(was.headers())) {
                faults.add(outcome.position() + ": other headers");
            }
        }
        return faults;
    }

    private List<String> wrongEnds() {
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : history.topics().outcomes()) {
            String id = ledger.source(outcome.source()).map(SourceRecord::id).orElse("");
            if (!ledger.isSent(id)) {
                continue;
            }
            Kind kind = ledger.kind(id);
            // A process that stood still let deadlines pass.
            long paused =
                    ledger.attempts(outcome.source()).stream()
                            .filter(attempt -> attempt.outcome().equals(TIMED_OUT))
                            .count();
            boolean excused = paused > 0 && kind != Kind.HANGING;
            if (outcome.isResult()) {
                if (!kind.succeeds()) {
                    faults.add(outcome.source() + ": a result of " + kind);
                } else if (!outcome.text().equals(id)) {
                    faults.add(outcome.source() + ": the result of another event");
                } else if (outcome.attempt() < kind.attempts()
                        || (!excused && outcome.attempt() != kind.attempts())) {
                    faults.add(outcome.source() + ": attempt " + outcome.attempt() + " of " + kind);
                }
            } else if (!outcome.condition().equals(kind.condition()) && !excused) {
                faults.add(outcome.source() + ": " + outcome.condition() + " of " + kind);
            }
        }
        return faults;
    }

    private List<String> underMetered() {
        List<String> faults = new ArrayList<>();
        for (Attempt attempt : history.topics().attempts()) {
            long nanos = attempt.duration().nanos();
            if (attempt.duration().billedMillis() != (nanos + 999_999) / 1_000_000) {
                faults.add(attempt.source() + ": billed " + attempt.duration());
            }
            if (attempt.outcome().equals(TIMED_OUT)) {
                continue;
            }
            String id = ledger.source(attempt.source()).map(SourceRecord::id).orElse("");
            boolean covered =
                    ledger.runs(id).stream()
                            .filter(run -> run.attempt() == attempt.number() && run.end() > 0)
                            .anyMatch(run -> run.end() - run.start() <= nanos);
            if (!covered) {
                faults.add(
                        attempt.source()
                                + ": attempt "
                                + attempt.number()
                                + " metered with "
                                + nanos
                                + " ns, no run is as short");
            }
        }
        return faults;
    }

    private List<String> unrest() {
        return history.rest().ends().stream()
                .filter(end -> end.committed() >= 0)
                .filter(end -> end.committed() != end.end() || end.metadata().contains("|"))
                .map(End::toString)
                .toList();
    }

    private List<String> openTransactions() {
        return history.rest().ends().stream()
                .filter(end -> end.stable() != end.end())
                .map(End::toString)
                .toList();
    }

    private List<String> attemptGaps() {
        List<String> faults = new ArrayList<>();
        ledger.attemptsBySource()
                .forEach((source, attempts) -> {
                    for (int i = 0; i < attempts.size(); i++) {
                        if (attempts.get(i).number() != i + 1) {
                            faults.add(
                                    source
                                            + ": "
                                            + attempts.stream().map(Attempt::number).toList());
                            return;
                        }
                    }
                    if (attempts.size() > Kind.MAX_ATTEMPTS) {
                        faults.add(source + ": " + attempts.size() + " attempts");
                    }
                });
        return faults;
    }

    private Check probes() {
        Probes probes = history.rest().probes();
        return new Check(
                "I11 probes succeed after the last fault",
                "all within " + PROBE_LIMIT + " s",
                probes.succeeded() + " of " + probes.sent() + " within " + probes.seconds() + " s",
                probes.sent() > 0
                        && probes.succeeded() == probes.sent()
                        && probes.seconds() <= PROBE_LIMIT);
    }

    private List<String> lateRecoveries() {
        return history.faults().stream()
                .filter(Fault::counts)
                .filter(fault -> fault.recovery() > fault.goal())
                .map(Fault::toString)
                .toList();
    }

    /** Each kind of fault that was tried hit work at least once. */
    private Check faultsHitWork() {
        Set<String> tried = new HashSet<>();
        Set<String> counted = new HashSet<>();
        for (Fault fault : history.faults()) {
            tried.add(fault.kind());
            if (fault.counts()) {
                counted.add(fault.kind());
            }
        }
        List<String> missed = new ArrayList<>();
        tried.stream()
                .filter(kind -> !counted.contains(kind))
                .forEach(kind -> missed.add(kind + " hit no work"));
        if (tried.isEmpty()) {
            missed.add("no fault at all");
        }
        return Check.none("I14 faults hit work", "work in flight and a backlog", missed);
    }

    private List<String> unreadable() {
        List<String> faults = new ArrayList<>();
        for (Sample sample : history.samples()) {
            try {
                var _ = Mark.of(sample.offset(), sample.metadata());
            } catch (IllegalArgumentException e) {
                faults.add(sample.partition() + " at " + sample.offset() + ": " + e.getMessage());
            }
        }
        if (history.samples().isEmpty()) {
            faults.add("nothing was sampled");
        }
        return faults;
    }
}
