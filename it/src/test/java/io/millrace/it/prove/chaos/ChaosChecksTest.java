package io.millrace.it.prove.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.prove.Check;
import io.millrace.it.prove.chaos.ChaosHistory.Attempt;
import io.millrace.it.prove.chaos.ChaosHistory.Content;
import io.millrace.it.prove.chaos.ChaosHistory.End;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;
import io.millrace.it.prove.chaos.ChaosHistory.Handlers;
import io.millrace.it.prove.chaos.ChaosHistory.Outcome;
import io.millrace.it.prove.chaos.ChaosHistory.Probes;
import io.millrace.it.prove.chaos.ChaosHistory.Rest;
import io.millrace.it.prove.chaos.ChaosHistory.Run;
import io.millrace.it.prove.chaos.ChaosHistory.Sample;
import io.millrace.it.prove.chaos.ChaosHistory.Sent;
import io.millrace.it.prove.chaos.ChaosHistory.SourceRecord;
import io.millrace.it.prove.chaos.ChaosHistory.Topics;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every fault a history can show has to make its check fail: here are the faults. */
class ChaosChecksTest {
    private static final long MS = 1_000_000;
    private static final String LOST = "I1 nothing is lost";
    private static final String TWICE = "I2 nothing is there twice";
    private static final String VANISHED = "I2 what was committed once stays";
    private static final String GHOST = "I3 nothing comes from nowhere";
    private static final String ORDER_RESULTS = "I4 results keep the order of their key";
    private static final String ORDER_LETTERS = "I4 dead letters keep the order of their key";
    private static final String ORDER_COMMITS =
            "I4 outcomes are committed in the order of their key";
    private static final String ORDER_STARTS =
            "I4 no handler starts before its predecessor of the key is done";
    private static final String METERING = "I5 outcomes and metering agree";
    private static final String LETTERS = "I6 dead letters are their events, byte for byte";
    private static final String ENDS = "I6 every event ends as its kind asks";
    private static final String BILLED = "I7 metering covers what the handlers measured";
    private static final String MARKS = "I8 marks are at the end, without a set";
    private static final String OPEN = "I8 no transaction is open";
    private static final String PARKED = "I9 nothing is parked";
    private static final String RUNNING = "I9 no handler runs";
    private static final String ATTEMPTS = "I10 attempts are 1 to n";
    private static final String PROBES = "I11 probes succeed after the last fault";
    private static final String RECOVERY = "I12 work goes on in time";
    private static final String HIT = "I14 faults hit work";
    private static final String AGAIN = "I15 what was committed as finished never runs again";
    private static final String METADATA = "I16 committed metadata can be read";
    private static final String EXITS = "processes told to end do so cleanly";

    private final List<Sent> sent = new ArrayList<>();
    private final List<SourceRecord> source = new ArrayList<>();
    private final List<Outcome> results = new ArrayList<>();
    private final List<Outcome> letters = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, String> live = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<Long, Long> births = new HashMap<>(Map.of(7L, 1L, 8L, 500 * MS));
    private final List<Fault> faults =
            new ArrayList<>(List.of(new Fault("KILL_RESTART", "node-1", 3, 20, 4.0, 15)));
    private final List<Sample> samples = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private final List<String> exits = new ArrayList<>();
    private final Set<String> parkedOnce = new HashSet<>();
    private int parked;
    private int open;
    private Probes probes = new Probes(100, 100, 0.8);

    /** Five events of one key and one partition, a little history of each kind. */
    ChaosChecksTest() {
        add(0, Kind.PLAIN);
        add(1, Kind.FLAKY);
        add(2, Kind.POISON);
        add(3, Kind.PLAIN);
        add(4, Kind.UNDECODABLE);
        add(5, Kind.HOPELESS);
        ends.add(new End("e-0", 6, 6, 6, "AQAAAAAA"));
        ends.add(new End("r-0", 9, 9, -1, ""));
        samples.add(new Sample(100 * MS, "e-0", 2, "AQAAAAAA"));
    }

    @Test
    void shouldPassWhenEverythingIsAsItShouldBe() {
        assertThat(failed()).isEmpty();
        assertThat(ChaosChecks.of(history())).hasSize(23);
    }

    @Test
    void shouldCatchALostResultAndALostDeadLetter() {
        results.removeFirst();
        assertThat(failed()).contains(LOST, METERING);

        letters.removeFirst();
        assertThat(check(LOST).found()).contains("e-0-0 (PLAIN)", "e-0-2 (POISON)");
    }

    @Test
    void shouldCatchALossAlthoughTheProducerNeverGotItsAnswer() {
        sent.set(0, new Sent("k:0", Kind.PLAIN, ""));
        results.removeFirst();

        assertThat(check(LOST).found()).contains("e-0-0 (never acknowledged)");
    }

    @Test
    void shouldCatchAnAcknowledgedEventThatIsGoneFromItsTopic() {
        source.removeLast();

        assertThat(check(LOST).found()).contains("e-0-5 (gone from its topic)");
    }

    @Test
    void shouldCatchASecondResultAndAResultBesideADeadLetter() {
        results.add(result(9, 3, 1));
        assertThat(failed()).containsExactly(TWICE);

        letters.add(letter(9, 0, 1, "RetryAttemptsExhausted"));
        assertThat(check(TWICE).found()).contains("e-0-3", "e-0-0");
    }

    @Test
    void shouldCatchACommittedResultThatWasSeenAndIsGone() {
        live.put("r-0-77", "e-0-0");

        assertThat(failed()).containsExactly(VANISHED);
    }

    @Test
    void shouldCatchOutcomesMeteringAndEventsFromNowhere() {
        results.add(result(9, 44, 1));
        assertThat(failed()).contains(GHOST);

        results.removeLast();
        attempts.add(attempt(45, 1, "SUCCEEDED", 5));
        assertThat(failed()).contains(GHOST);

        attempts.removeLast();
        source.add(new SourceRecord("e-0-6", "k:6", content(6)));
        assertThat(failed()).contains(GHOST);

        source.set(source.size() - 1, new SourceRecord("e-0-6", "k:0", content(0)));
        assertThat(check(GHOST).found()).contains("in the topic twice");
    }

    @Test
    void shouldCatchResultsDeadLettersAndCommitsOutOfOrder() {
        results.add(results.removeFirst());
        assertThat(failed()).containsExactly(ORDER_RESULTS);

        letters.add(letters.removeFirst());
        assertThat(failed()).containsExactly(ORDER_RESULTS, ORDER_LETTERS);

        attempts.add(attempts.removeFirst());
        assertThat(failed()).containsExactly(ORDER_RESULTS, ORDER_LETTERS, ORDER_COMMITS);
    }

    @Test
    void shouldCatchAKeyInTwoPartitionsOfTheResults() {
        live.remove("r-0-1");
        results.set(1, new Outcome("r-1-0", "e-0-1", 2, "", "k:1", content(1)));

        assertThat(failed()).containsExactly(ORDER_RESULTS);
    }

    @Test
    void shouldCatchAHandlerThatStartsWhileItsPredecessorRuns() {
        // The flaky one had failed once and not succeeded yet.
        runs.replaceAll(run -> run.id().equals("k:2") ? at(run, run.start() - 40 * MS) : run);

        assertThat(failed()).containsExactly(ORDER_STARTS);
    }

    @Test
    void shouldAcceptThatEverythingOfAKeyRunsAgainInOrder() {
        runs.add(new Run("k:0", 1, 8, 600 * MS, 605 * MS, "ok"));
        runs.add(new Run("k:1", 1, 8, 606 * MS, 607 * MS, "failed"));
        samples.clear();
        samples.add(new Sample(100 * MS, "e-0", 0, ""));

        assertThat(failed()).isEmpty();
    }

    @Test
    void shouldCatchOutcomesAndMeteringThatDoNotAgree() {
        Attempt removed = attempts.removeFirst();
        assertThat(failed()).containsExactly(METERING);

        attempts.addFirst(attempt(0, 1, "FAILED", 9));
        assertThat(failed()).containsExactly(METERING);

        attempts.set(0, new Attempt("e-0-0", "r", 1, "SUCCEEDED", removed.duration()));
        attempts.add(1, new Attempt("e-0-0", "other", 2, "SUCCEEDED", removed.duration()));
        assertThat(failed()).contains(METERING);
    }

    @Test
    void shouldCatchAMeteredEventThatWasNeverDecoded() {
        attempts.add(attempt(4, 1, "UNDECODABLE", 0));

        assertThat(failed()).contains(METERING);
    }

    @Test
    void shouldCatchAnotherKeyValueOrHeaderInADeadLetter() {
        Outcome right = letters.removeFirst();
        Content was = right.content();
        List<Content> wrong =
                List.of(
                        new Content("other", was.value(), was.headers()),
                        new Content(was.key(), "other", was.headers()),
                        new Content(was.key(), was.value(), List.of()),
                        new Content(was.key(), was.value(), List.of("h=other", "millrace=1")));

        for (Content content : wrong) {
            letters.addFirst(
                    new Outcome(
                            right.position(),
                            right.source(),
                            right.attempt(),
                            right.condition(),
                            "",
                            content));
            assertThat(failed()).containsExactly(LETTERS);
            letters.removeFirst();
        }
    }

    @Test
    void shouldCatchAnEventThatEndsOtherwiseThanItsKindAsks() {
        results.set(0, new Outcome("r-0-0", "e-0-0", 1, "", "k:3", content(0)));
        assertThat(check(ENDS).found()).contains("the result of another event");

        letters.set(0, letter(0, 2, 3, "DecodeError"));
        assertThat(check(ENDS).found()).contains("DecodeError of POISON");

        sent.replaceAll(
                one -> one.id().equals("k:3") ? new Sent("k:3", Kind.POISON, "e-0-3") : one);
        assertThat(check(ENDS).found()).contains("a result of POISON");
    }

    @Test
    void shouldAcceptAnEventThatWasGivenUpForPauses() {
        results.removeLast();
        live.remove("r-0-2");
        letters.add(1, letter(1, 3, 3, "RetryAttemptsExhausted"));
        attempts.removeIf(attempt -> attempt.source().equals("e-0-3"));
        int at = attempts.indexOf(attempt(5, 1, "FAILED", 1_000));
        for (int number = 1; number <= 3; number++) {
            attempts.add(at + number - 1, attempt(3, number, "TIMED_OUT", 3_000));
        }

        assertThat(failed()).isEmpty();
    }

    @Test
    void shouldCatchAnAttemptThatIsMeteredTooShortOrBilledWrongly() {
        attempts.set(0, attempt(0, 1, "SUCCEEDED", 1));
        assertThat(failed()).containsExactly(BILLED);

        attempts.set(
                0,
                new Attempt("e-0-0", "r-0", 1, "SUCCEEDED", new Attempt.Duration(50 * MS + 1, 50)));
        assertThat(failed()).containsExactly(BILLED);
    }

    @Test
    void shouldCatchAMarkBeforeTheEndASetThatStaysAndAnOpenTransaction() {
        ends.set(0, new End("e-0", 6, 6, 5, ""));
        assertThat(failed()).containsExactly(MARKS);

        ends.set(0, new End("e-0", 6, 6, 6, "AQ|1rAAAA"));
        assertThat(failed()).containsExactly(MARKS);

        ends.set(1, new End("r-0", 9, 8, -1, ""));
        assertThat(failed()).containsExactly(MARKS, OPEN);
    }

    @Test
    void shouldCatchWhatIsParkedOrRunsAtTheEnd() {
        parked = 1;
        assertThat(failed()).containsExactly(PARKED);

        open = 1;
        assertThat(failed()).containsExactly(PARKED, RUNNING);
    }

    @Test
    void shouldCatchGapsRepetitionsAndTooManyAttempts() {
        attempts.remove(attempt(2, 2, "FAILED", 1_000));
        assertThat(failed()).containsExactly(ATTEMPTS);

        attempts.add(3, attempt(2, 1, "FAILED", 1_000));
        assertThat(check(ATTEMPTS).passed()).isFalse();

        attempts.removeIf(attempt -> attempt.source().equals("e-0-2"));
        for (int number = 1; number <= 4; number++) {
            attempts.add(attempt(2, number, "FAILED", 1_000));
        }
        assertThat(check(ATTEMPTS).found()).contains("4 attempts");
    }

    @Test
    void shouldCatchProbesThatFailOrAreLateOrWereNeverSent() {
        probes = new Probes(100, 99, 1);
        assertThat(failed()).containsExactly(PROBES);

        probes = new Probes(100, 100, 10.5);
        assertThat(failed()).containsExactly(PROBES);

        probes = new Probes(0, 0, 0);
        assertThat(failed()).containsExactly(PROBES);
    }

    @Test
    void shouldCatchALateRecoveryAndFaultsThatHitNothing() {
        faults.add(new Fault("ZOMBIE", "node-1", 3, 20, 15.5, 15));
        assertThat(failed()).containsExactly(RECOVERY);

        faults.set(1, new Fault("ZOMBIE", "node-1", 0, 20, 60, 15));
        assertThat(failed()).containsExactly(HIT);

        faults.set(1, new Fault("ZOMBIE", "node-1", 3, 0, 60, 15));
        assertThat(failed()).containsExactly(HIT);

        faults.clear();
        assertThat(failed()).containsExactly(HIT);
    }

    @Test
    void shouldCatchARunOfWhatWasCommittedAsFinishedBeforeTheProcessWasThere() {
        // Offsets 0 and 1 were committed when process 8 started.
        runs.add(new Run("k:1", 1, 8, 600 * MS, 605 * MS, "failed"));
        assertThat(failed()).containsExactly(AGAIN);

        parkedOnce.add("e-0-1");
        assertThat(failed()).isEmpty();

        runs.removeLast();
        runs.add(new Run("k:2", 1, 8, 600 * MS, 605 * MS, "failed"));
        assertThat(failed()).isEmpty();
    }

    @Test
    void shouldCatchMetadataThatIsTooLongOrCannotBeRead() {
        samples.add(new Sample(1, "e-0", 0, "x".repeat(4_097)));
        assertThat(failed()).containsExactly(METADATA);

        samples.set(1, new Sample(1, "e-0", 3, "AQ|1rAAAAAAEB"));
        assertThat(failed()).containsExactly(METADATA);

        samples.clear();
        assertThat(failed()).containsExactly(METADATA);
    }

    @Test
    void shouldCatchAProcessThatDidNotEndCleanly() {
        exits.add("node-1 ended with 137");

        assertThat(failed()).containsExactly(EXITS);
    }

    private void add(int number, Kind kind) {
        String id = "k:" + number;
        sent.add(new Sent(id, kind, "e-0-" + number));
        source.add(new SourceRecord("e-0-" + number, id, content(number)));
        long start = 10 * MS + number * 50L * MS;
        for (int attempt = 1; attempt <= kind.attempts(); attempt++) {
            boolean succeeds = kind.succeeds() && attempt == kind.attempts();
            runs.add(new Run(id, attempt, 7, start, start + 5 * MS, succeeds ? "ok" : "failed"));
            attempts.add(attempt(number, attempt, succeeds ? "SUCCEEDED" : "FAILED", 1_000));
            start += 15 * MS;
        }
        if (kind.succeeds()) {
            results.add(result(results.size(), number, kind.attempts()));
            live.put("r-0-" + (results.size() - 1), "e-0-" + number);
        } else {
            letters.add(
                    letter(letters.size(), number, Math.max(1, kind.attempts()), kind.condition()));
        }
    }

    private static Run at(Run run, long start) {
        return new Run(run.id(), run.attempt(), run.pid(), start, start + 5 * MS, run.word());
    }

    private static Content content(int number) {
        return new Content("k", "value " + number, List.of("h=1"));
    }

    private static Attempt attempt(int number, int attempt, String outcome, long millis) {
        return new Attempt(
                "e-0-" + number,
                "r-" + number,
                attempt,
                outcome,
                new Attempt.Duration(millis * MS, millis));
    }

    private static Outcome result(int offset, int number, int attempt) {
        return new Outcome(
                "r-0-" + offset, "e-0-" + number, attempt, "", "k:" + number, content(number));
    }

    private static Outcome letter(int offset, int number, int attempt, String condition) {
        Content own = content(number);
        return new Outcome(
                "d-0-" + offset,
                "e-0-" + number,
                attempt,
                condition,
                "",
                new Content(own.key(), own.value(), List.of("h=1", "millrace=1")));
    }

    private ChaosHistory history() {
        List<Outcome> outcomes = new ArrayList<>(results);
        outcomes.addAll(letters);
        return new ChaosHistory(
                sent,
                source,
                new Topics(outcomes, attempts, live, parkedOnce),
                new Handlers(runs, births, open),
                faults,
                samples,
                new Rest(ends, parked, probes, exits));
    }

    private List<String> failed() {
        return ChaosChecks.of(history()).stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }

    private Check check(String name) {
        return ChaosChecks.of(history()).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
