package io.millrace.engine.delivery;

import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.WindowInput;
import io.millrace.engine.outcome.BilledDuration;

import java.util.List;
import java.util.Optional;

/** What an attempt used, as a line of metering; nothing when the handler was not called. */
final class MeteringLines {
    private MeteringLines() {}

    static Optional<MeteringLine> of(AttemptReport report) {
        if (report.handled() == 0) {
            return Optional.empty();
        }
        List<RawEvent> events = report.work().events();
        if (report.work().closesWindow()) {
            return Optional.of(ofWindow(report, report.work().window().orElseThrow()));
        }
        int first = 0;
        int last = events.size() - 1;
        // What was filtered out leaves nothing, so it is not named either.
        while (first < last && isFiltered(report, first)) {
            first++;
        }
        while (last > first && isFiltered(report, last)) {
            last--;
        }
        return Optional.of(
                line(
                        report,
                        events.get(first).offset(),
                        events.get(last).offset(),
                        report.handled()));
    }

    /** Under the first and the last event of the window, and of none: they have their own lines. */
    private static MeteringLine ofWindow(AttemptReport report, WindowInput window) {
        BatchRange contents = window.closing().orElseThrow().contents();
        return line(report, contents.firstOffset(), contents.lastOffset(), 0);
    }

    private static MeteringLine line(AttemptReport report, long first, long last, int events) {
        return new MeteringLine(
                report.requestId(),
                report.function(),
                first,
                last,
                events,
                report.work().attempt(),
                report.span().startedAt(),
                report.span().duration(),
                BilledDuration.millis(report.span().duration()),
                word(report));
    }

    private static boolean isFiltered(AttemptReport report, int index) {
        return report.ends().get(index) instanceof ItemEnd.Filtered;
    }

    /** The end of an attempt in the words of the metering schema. */
    private static String word(AttemptReport report) {
        if (report.whole().isPresent()) {
            return word(report.whole().get().kind());
        }
        if (report.isClean()) {
            return "SUCCEEDED";
        }
        return report.ends().size() == 1
                        && report.ends().getFirst() instanceof ItemEnd.Failed(var failure)
                ? word(failure.kind())
                : "PARTLY_FAILED";
    }

    private static String word(Failure.Kind kind) {
        return switch (kind) {
            case FUNCTION_ERROR,
                    NON_RETRYABLE,
                    TOO_LARGE,
                    FILTER_FAILED,
                    EXPIRED,
                    RECURSION,
                    SKIPPED ->
                    "FAILED";
            case TIMED_OUT -> "TIMED_OUT";
            case ENVIRONMENT_LOST -> "ENVIRONMENT_LOST";
            case UNDECODABLE, SCHEMA_NOT_FOUND -> "UNDECODABLE";
            case UNAVAILABLE -> "UNAVAILABLE";
        };
    }
}
