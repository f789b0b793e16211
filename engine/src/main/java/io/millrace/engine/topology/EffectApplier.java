package io.millrace.engine.topology;

import io.millrace.engine.delivery.AttemptReport;
import io.millrace.engine.delivery.Decision;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.sink.DeadLetterMapper;
import io.millrace.engine.sink.FailureMapper;
import io.millrace.engine.sink.Provenance;
import io.millrace.engine.sink.ResultMapper;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.schemas.EventHeaders;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    private final FailureMapper failures;
    private final SizeGuard guard;

    public EffectApplier(
            ResultMapper results,
            DeadLetterMapper deadLetters,
            FailureMapper failures,
            SizeGuard guard) {
        this.results = results;
        this.deadLetters = deadLetters;
        this.failures = failures;
        this.guard = guard;
    }

    /** Results, dead letters and failure records of the decision, in the order of the events. */
    public List<OutboundRecord> records(Decision decision) {
        var records = new ArrayList<OutboundRecord>(decision.settled().size() + 1);
        AttemptReport report = decision.report();
        Provenance.Times times = times(report);
        for (Decision.Settled settled : decision.settled()) {
            var from =
                    new Provenance(
                            report.requestId(), settled.event(), report.work().attempt(), times);
            switch (settled.outcome()) {
                case Outcome.Succeeded(var output) -> {
                    var results = marked(report, this.results.map(report.function(), output, from));
                    Optional<Outcome.Failed> misfit = misfit(results);
                    if (misfit.isEmpty()) {
                        records.addAll(results);
                    } else {
                        failed(report, settled, misfit.get(), from, records);
                    }
                }
                case Outcome.Failed failed -> failed(report, settled, failed, from, records);
                case Outcome.Filtered _ -> {}
            }
        }
        return records;
    }

    private static List<OutboundRecord> marked(AttemptReport report, List<OutboundRecord> results) {
        return report.work().closesWindow()
                ? results.stream().map(result -> marked(report, result)).toList()
                : results;
    }

    /** What comes of a window says so: its source is the window's last event, which has its own. */
    private static OutboundRecord marked(AttemptReport report, OutboundRecord record) {
        return report.work().closesWindow()
                ? record.withHeader(
                        Header.of(
                                EventHeaders.WINDOW,
                                report.work().window().orElseThrow().toString()))
                : record;
    }

    private static Provenance.Times times(AttemptReport report) {
        Instant last = report.span().startedAt();
        long since = report.work().progress().since();
        return new Provenance.Times(
                since == 0 ? last : Instant.ofEpochMilli(since), last, report.span().endedAt());
    }

    /** The failure that a result which is too large makes of its event. */
    private Optional<Outcome.Failed> misfit(List<OutboundRecord> results) {
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
                return Optional.of(new Outcome.Failed(condition, failure));
            }
        }
        return Optional.empty();
    }

    /** The failure record is left out where it does not fit: the dead letter has everything. */
    private void failed(
            AttemptReport report,
            Decision.Settled settled,
            Outcome.Failed outcome,
            Provenance from,
            List<OutboundRecord> records) {
        records.add(deadLetter(report, outcome, from));
        report.work()
                .window()
                .flatMap(WindowInput::closing)
                .map(closed ->
                        failures.mapWindow(
                                report.function(),
                                outcome,
                                settled.strikes(),
                                from,
                                closed.contents()))
                .orElseGet(() -> failures.map(report.function(), outcome, settled.strikes(), from))
                .filter(guard::fits)
                .ifPresent(records::add);
    }

    private OutboundRecord deadLetter(
            AttemptReport report, Outcome.Failed outcome, Provenance from) {
        OutboundRecord whole = marked(report, deadLetters.map(report.function(), outcome, from));
        if (guard.fits(whole)) {
            return whole;
        }
        OutboundRecord bare =
                marked(report, deadLetters.withoutHeaders(report.function(), outcome, from));
        return guard.fits(bare)
                ? bare
                : marked(report, deadLetters.coordinatesOnly(report.function(), outcome, from));
    }
}
