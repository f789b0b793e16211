package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.it.prove.Check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Faults at points spread over the work: each happens when so much is done, not after a time.
 *
 * <p>With five kills and a fault in the middle, of 8,000: at 1,142, 2,285, 3,428, 4,571 and so on,
 * the additional one as the fourth of six. Threading: one thread.
 */
public final class Kills {
    /** How often a worker is killed. */
    public static final int TIMES = 5;

    private final LongSupplier progress;
    private final long total;
    private final Duration patience;
    private final List<Runnable> faults = new ArrayList<>();
    private final List<Long> hits = new ArrayList<>();
    private long begin;

    /**
     * Five kills of a worker, which is started again each time.
     *
     * @param progress how much is done by now, for example {@link TopicReader#count}
     * @param total how much there is to do
     */
    public static Kills of(ConnectWorker worker, LongSupplier progress, long total) {
        return of(Collections.nCopies(TIMES, worker), progress, total);
    }

    /**
     * A kill of each of these workers in turn; one can be there several times. Where there are
     * several, nobody waits until the killed one is up again: the others go on meanwhile.
     */
    public static Kills of(List<ConnectWorker> workers, LongSupplier progress, long total) {
        Kills kills = new Kills(progress, total, Duration.ofMinutes(3));
        boolean isAlone = workers.stream().distinct().count() == 1;
        for (ConnectWorker worker : workers) {
            kills.faults.add(() -> {
                worker.kill();
                worker.startAgain();
                if (isAlone) {
                    worker.awaitReady();
                }
            });
        }
        return kills;
    }

    Kills(LongSupplier progress, long total, Duration patience) {
        this.progress = progress;
        this.total = total;
        this.patience = patience;
    }

    /** Spreads the faults over what comes after so much of the work. */
    public Kills from(long done) {
        begin = done;
        return this;
    }

    /** One more fault, in the middle of those there are: the server's restart, for example. */
    public Kills andOnce(Runnable fault) {
        faults.add((faults.size() + 1) / 2, fault);
        return this;
    }

    /**
     * Lets all of them happen, and returns after the last.
     *
     * @return whether each hit work in flight: none came after everything was done
     */
    public Check run() {
        for (int i = 0; i < faults.size(); i++) {
            long point = begin + (total - begin) * (i + 1) / (faults.size() + 1);
            await("progress to " + point + " of " + total)
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> progress.getAsLong() >= point);
            hits.add(progress.getAsLong());
            faults.get(i).run();
        }
        List<String> late =
                hits.stream().filter(hit -> hit >= total).map(hit -> "fault at " + hit).toList();
        return Check.none(
                faults.size() + " faults hit work in flight",
                "before all " + total + " were done",
                late);
    }

    /** How much was done at each fault. */
    public List<Long> hits() {
        return List.copyOf(hits);
    }
}
