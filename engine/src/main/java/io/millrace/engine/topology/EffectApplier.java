package io.millrace.engine.topology;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.Provenance;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a decision into the records to be forwarded, with every size checked beforehand.
 *
 * <p>A result that does not fit makes its event a dead letter; a dead letter that does not fit
 * loses the event's headers first, then is reduced to the coordinates. Threading: StreamThread
 * only.
 */
public final class EffectApplier {
    private final ResultMapper results;
    private final DeadLetterMapper deadLetters;
    private final SizeGuard guard;

    public EffectApplier(ResultMapper results, DeadLetterMapper deadLetters, SizeGuard guard) {
        this.results = results;
        this.deadLetters = deadLetters;
        this.guard = guard;
    }

    /** Results and dead letters of the decision, in the order of the events. */
    public List<OutboundRecord> records(Decision decision) {
        var records = new ArrayList<OutboundRecord>();
        AttemptReport report = decision.report();
        for (Decision.Settled settled : decision.settled()) {
            var from =
                    new Provenance(
                            report.requestId(),
                            settled.event(),
                            report.work().attempt(),
                            report.span().endedAt());
            switch (settled.outcome()) {
                case Outcome.Succeeded(var output) ->
                        records.addAll(
                                guarded(
                                        report,
                                        results.map(report.function(), output, from),
                                        from));
                case Outcome.Failed failed -> records.add(deadLetter(report, failed, from));
                case Outcome.Filtered _ -> {}
            }
        }
        return records;
    }

    private List<OutboundRecord> guarded(
            AttemptReport report, List<OutboundRecord> results, Provenance from) {
        for (OutboundRecord record : results) {
            if (!guard.fits(record)) {
                var failure =
                        new Failure(
                                Failure.Kind.TOO_LARGE,
                                "RecordTooLarge",
                                "the result has "
                                        + record.value().size()
                                        + " bytes, topic '"
                                        + record.topic()
                                        + "' takes "
                                        + guard.limit(record.topic()));
                var condition = Outcome.Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED;
                return List.of(deadLetter(report, new Outcome.Failed(condition, failure), from));
            }
        }
        return results;
    }

    private OutboundRecord deadLetter(
            AttemptReport report, Outcome.Failed outcome, Provenance from) {
        OutboundRecord whole = deadLetters.map(report.function(), outcome, from);
        if (guard.fits(whole)) {
            return whole;
        }
        OutboundRecord bare = deadLetters.withoutHeaders(report.function(), outcome, from);
        return guard.fits(bare)
                ? bare
                : deadLetters.coordinatesOnly(report.function(), outcome, from);
    }
}
