package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Ledger;
import io.millrace.bench.judge.OutputReader;
import io.millrace.bench.judge.Pace;
import io.millrace.bench.judge.Verdict;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.engine.time.TimeSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The end of a cell: its results are read from the topic and judged, and its topics removed. */
final class Check {
    private final Bed bed;
    private final Pace pace;
    private IntPredicate counts = _ -> true;
    private boolean complete;
    private final List<String> more = new ArrayList<>();

    /** Nothing of the cell has been written yet. */
    Check(Bed bed, TimeSource time) {
        this.bed = bed;
        this.pace = new Pace(time.now().toEpochMilli());
    }

    /** Only results of these keys count for the pace. */
    Check paceOf(IntPredicate keys) {
        counts = keys;
        return this;
    }

    /** Every event must have its result, whatever was committed. */
    Check complete() {
        complete = true;
        return this;
    }

    /** One more reason for the cell to be void. */
    void violated(String what) {
        more.add(what);
    }

    Pace pace() {
        return pace;
    }

    /** Judges and cleans up. */
    CellResult finish(
            Workload workload,
            Contender contender,
            int round,
            ArmTask task,
            Map<String, Double> figures)
            throws InterruptedException {
        return finish(workload, contender, round, judge(workload, task), task, figures);
    }

    /** The verdict about the results. */
    Verdict judge(Workload workload, ArmTask task) throws InterruptedException {
        long[] committed = new long[workload.recipe().partitions()];
        if (complete) {
            Arrays.fill(committed, Long.MAX_VALUE);
        } else {
            committed = bed.committed(task, workload);
        }
        Ledger ledger = new Ledger(workload.recipe().events(), workload.recipe().keys());
        OutputReader reader = new OutputReader(bed.bootstrapServers());
        boolean closed = reader.read(task.output(), ledger, pace, counts);
        if (!complete) {
            reader.readParked(task.consumerGroup() + "-parked-changelog", ledger);
        }
        return ledger.verdict(workload.recipe(), committed).withOpenTransaction(!closed);
    }

    CellResult finish(
            Workload workload,
            Contender contender,
            int round,
            Verdict verdict,
            ArmTask task,
            Map<String, Double> figures)
            throws InterruptedException {
        bed.topics().deleteAll(task.group());
        List<String> violations = new ArrayList<>(verdict.violations(contender.promise()));
        violations.addAll(more);
        return new CellResult(
                workload.id(),
                contender.name(),
                round,
                figures,
                violations,
                CellResult.numbers(verdict));
    }
}
