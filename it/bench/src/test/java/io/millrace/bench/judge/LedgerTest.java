package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.judge.Verdict.Promise;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

final class LedgerTest {
    private static final Recipe RECIPE = new Recipe(500, 100, 20, Keys.ZIPF, 4, 7);

    record Result(long ordinal, int key, int sequence) {}

    /** Ways in which an arm can be wrong, each with what has to be found. */
    @SuppressWarnings("ImmutableEnumChecker") // the mutations keep nothing
    enum Fault {
        DUPLICATE("1 duplicate", results -> results.add(results.get(3))),
        LOST("1 lost", results -> results.remove(lastOfSomeKey(results))),
        LOST_IN_THE_MIDDLE("1 lost", results -> results.remove(firstOfKey(results, 0))),
        SWAPPED("1 out of order", LedgerTest::swapTwoOfKey),
        UNKNOWN_ORDINAL("1 unknown", results -> results.add(new Result(500, 0, 0))),
        UNKNOWN_KEY("1 unknown", results -> results.add(new Result(1, 20, 0))),
        EMPTY("no result", List::clear);

        private final String found;
        private final Consumer<List<Result>> mutation;

        Fault(String found, Consumer<List<Result>> mutation) {
            this.found = found;
            this.mutation = mutation;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindEveryFault(Fault fault) {
        List<Result> results = correct();
        fault.mutation.accept(results);

        Verdict verdict = judge(results, everything());

        assertThat(verdict.violations(Promise.FULL)).contains(fault.found);
    }

    @Test
    void shouldFindASkippedEventThatIsNotCommittedYet() {
        List<Result> results = correct();
        results.remove(firstOfKey(results, 0));

        Verdict verdict = judge(results, new long[RECIPE.partitions()]);

        assertThat(verdict.violations(Promise.FULL)).containsExactly("1 skipped within a key");
    }

    @Test
    void shouldFindAnOpenTransaction() {
        Verdict verdict = judge(correct(), everything()).withOpenTransaction(true);

        assertThat(verdict.violations(Promise.UNORDERED))
                .containsExactly("a transaction is still open");
    }

    @Test
    void shouldNotBlameAnArmForWhatItDoesNotPromise() {
        List<Result> results = correct();
        Fault.DUPLICATE.mutation.accept(results);
        Fault.SWAPPED.mutation.accept(results);

        Verdict verdict = judge(results, everything());

        assertThat(verdict.violations(Promise.UNORDERED)).isEmpty();
        assertThat(verdict.violations(Promise.AT_LEAST_ONCE)).containsExactly("1 out of order");
    }

    @Test
    void shouldFindNothingWhenAllIsWell() {
        Verdict verdict = judge(correct(), everything());

        assertThat(verdict.violations(Promise.FULL)).isEmpty();
        assertThat(verdict.results()).isEqualTo(RECIPE.events());
    }

    @Test
    void shouldAcceptThatAnArmWasStoppedBeforeItWasDone() {
        List<Result> results = correct().subList(0, 200);
        long[] committed = new long[RECIPE.partitions()];
        RECIPE.forEach((ordinal, _, _, partition, _) -> {
            if (ordinal < 200) {
                committed[partition]++;
            }
        });

        assertThat(judge(results, committed).violations(Promise.FULL)).isEmpty();
    }

    @Test
    void shouldNotCallAnEventLostThatIsStillParked() {
        List<Result> results = correct();
        Result missing = results.removeLast();
        Ledger ledger = ledger(results);
        RECIPE.forEach((ordinal, _, _, partition, offset) -> {
            if (ordinal == missing.ordinal()) {
                ledger.parked(partition, offset);
            }
        });

        assertThat(ledger.verdict(RECIPE, everything()).violations(Promise.FULL)).isEmpty();
        assertThat(judge(results, everything()).violations(Promise.FULL))
                .as("not parked")
                .containsExactly("1 lost");
    }

    private static List<Result> correct() {
        List<Result> results = new ArrayList<>();
        RECIPE.forEach(
                (ordinal, key, sequence, _, _) -> results.add(new Result(ordinal, key, sequence)));
        return results;
    }

    private static Verdict judge(List<Result> results, long[] committed) {
        return ledger(results).verdict(RECIPE, committed);
    }

    private static Ledger ledger(List<Result> results) {
        Ledger ledger = new Ledger(RECIPE.events(), RECIPE.keys());
        results.forEach(r -> ledger.take(r.ordinal(), r.key(), r.sequence()));
        return ledger;
    }

    private static long[] everything() {
        long[] all = new long[RECIPE.partitions()];
        Arrays.fill(all, Long.MAX_VALUE);
        return all;
    }

    private static int firstOfKey(List<Result> results, int key) {
        return results.stream().map(Result::key).toList().indexOf(key);
    }

    private static int lastOfSomeKey(List<Result> results) {
        return results.stream().map(Result::key).toList().lastIndexOf(3);
    }

    private static void swapTwoOfKey(List<Result> results) {
        int first = firstOfKey(results, 0);
        int second = first + 1 + firstOfKey(results.subList(first + 1, results.size()), 0);
        Result moved = results.set(first, results.get(second));
        results.set(second, moved);
    }
}
