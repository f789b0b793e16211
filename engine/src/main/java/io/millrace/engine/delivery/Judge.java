package io.millrace.engine.delivery;

import io.millrace.engine.lane.Progress;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.outcome.RetryRule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a report: which events are settled, and which are tried again, together or split.
 *
 * <ul>
 *   <li>With checkpoints, everything from the first event on that is tried again is tried again
 *       with it (STR-7), and counts anew if something before it was settled (STR-11).
 *   <li>With items, only what failed is tried again (SQS-6, DEF-16).
 *   <li>With bisecting, a batch that made no progress is split instead (STR-6, DEF-7, DEF-8).
 * </ul>
 *
 * Pure. Threading: StreamThread only.
 */
final class Judge {
    private final RetryRule rule;
    private final PartialAnswer answer;

    Judge(RetryRule rule, PartialAnswer answer) {
        this.rule = rule;
        this.answer = answer;
    }

    /**
     * The decision about one report.
     *
     * @param forgiving whether failures do not count at present: what the function needs is down
     */
    Decision decide(AttemptReport report, boolean forgiving, long nowMillis) {
        return report.isClean()
                ? allSettled(report)
                : new Reading(report, forgiving, nowMillis).decide();
    }

    private static Decision allSettled(AttemptReport report) {
        int events = report.work().events().size();
        if (events == 1) {
            return settled(report, List.of(settled(report, 0)));
        }
        var settled = new ArrayList<Decision.Settled>(events);
        for (int i = 0; i < events; i++) {
            settled.add(settled(report, i));
        }
        return settled(report, settled);
    }

    private static Decision settled(AttemptReport report, List<Decision.Settled> settled) {
        return new Decision(report, settled, List.of(), Duration.ZERO, MeteringLines.of(report));
    }

    private static Decision.Settled settled(AttemptReport report, int i) {
        Outcome outcome =
                report.ends().get(i) instanceof ItemEnd.Done(var output)
                        ? new Outcome.Succeeded(output)
                        : FILTERED;
        return new Decision.Settled(
                report.work().events().get(i), outcome, report.work().progress().strikes());
    }

    private static final Outcome FILTERED = new Outcome.Filtered();

    /** One report being read. */
    private final class Reading {
        private final AttemptReport report;
        private final boolean forgiving;
        private final long nowMillis;
        private final Progress before;
        private final boolean ran;
        private final List<Decision.Settled> settled = new ArrayList<>();
        private final List<RawEvent> kept = new ArrayList<>();
        private final List<Progress> progress = new ArrayList<>();
        private boolean splits;
        private boolean counted;

        private Reading(AttemptReport report, boolean forgiving, long nowMillis) {
            this.report = report;
            this.forgiving = forgiving;
            this.nowMillis = nowMillis;
            this.before = report.work().progress();
            this.ran = report.handled() > 0;
        }

        private Decision decide() {
            splits = splits();
            List<RawEvent> events = report.work().events();
            for (int i = 0; i < events.size(); i++) {
                read(events.get(i), report.ends().get(i));
            }
            boolean moved = answer == PartialAnswer.CHECKPOINT && !settled.isEmpty() && !splits;
            List<Work> works = works(moved && report.whole().isEmpty());
            return new Decision(report, settled, works, delay(works), MeteringLines.of(report));
        }

        /** Only what was run can be halved; a failure of the engine's own says nothing of it. */
        private boolean splits() {
            if (!rule.bisects() || forgiving || !ran || report.handled() < 2) {
                return false;
            }
            if (report.whole().isPresent()) {
                return report.whole().get().kind() != Failure.Kind.UNAVAILABLE;
            }
            return answer == PartialAnswer.CHECKPOINT
                    && report.ends().getFirst() instanceof ItemEnd.Failed(var failure)
                    && failure.kind().counts();
        }

        private void read(RawEvent event, ItemEnd end) {
            boolean behindKept = !kept.isEmpty() && answer == PartialAnswer.CHECKPOINT;
            switch (end) {
                case ItemEnd.Filtered _ -> settle(event, FILTERED, before.strikes());
                case ItemEnd.Done(var output) -> {
                    if (behindKept) {
                        keep(event, progress.getLast());
                    } else {
                        settle(event, new Outcome.Succeeded(output), before.strikes());
                    }
                }
                case ItemEnd.Failed(var failure) -> {
                    if (behindKept) {
                        keep(event, progress.getLast());
                    } else {
                        readFailure(event, failure);
                    }
                }
            }
        }

        private void readFailure(RawEvent event, Failure failure) {
            if (splits && report.whole().equals(Optional.of(failure))) {
                keep(event, before.afterAttempt(false, nowMillis));
                return;
            }
            boolean forgiven = forgiving && failure.kind().counts();
            boolean counts = ran && failure.kind().counts() && !forgiven;
            Progress next = ran ? before.afterAttempt(counts, nowMillis) : before;
            if (splits && counts) {
                keep(event, next);
                return;
            }
            Optional<Outcome.Failed> end =
                    forgiven ? Optional.empty() : rule.end(failure, next.strikes());
            if (end.isPresent()) {
                settle(event, end.get(), next.strikes());
            } else {
                counted |= counts;
                keep(event, next);
            }
        }

        private void settle(RawEvent event, Outcome outcome, int strikes) {
            settled.add(new Decision.Settled(event, outcome, strikes));
        }

        private void keep(RawEvent event, Progress how) {
            kept.add(event);
            progress.add(how);
        }

        /** What is kept, as batches of events that have come equally far. */
        private List<Work> works(boolean freshStrikes) {
            var works = new ArrayList<Work>(2);
            int from = 0;
            for (int i = 1; i <= kept.size(); i++) {
                if (i == kept.size() || !progress.get(i).equals(progress.get(from))) {
                    Progress how = progress.get(from);
                    cut(works, from, i, freshStrikes || splits ? how.withFreshStrikes() : how);
                    from = i;
                }
            }
            return works;
        }

        private void cut(List<Work> works, int from, int to, Progress how) {
            boolean parked = report.work().parked();
            if (splits && to - from > 1) {
                int middle = from + Math.ceilDiv(to - from, 2);
                works.add(new Work(kept.subList(from, middle), how, parked));
                works.add(new Work(kept.subList(middle, to), how, parked));
            } else {
                works.add(new Work(kept.subList(from, to), how, parked));
            }
        }

        private Duration delay(List<Work> works) {
            if (works.isEmpty() || splits) {
                return Duration.ZERO;
            }
            RawEvent oldest = kept.getFirst();
            for (RawEvent event : kept) {
                oldest = event.timestamp() < oldest.timestamp() ? event : oldest;
            }
            int strikes = works.getFirst().progress().strikes();
            return rule.delay(counted ? Math.max(1, strikes) : 0, oldest, nowMillis);
        }
    }
}
