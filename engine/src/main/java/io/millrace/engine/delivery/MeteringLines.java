package io.millrace.engine.delivery;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.outcome.BilledDuration;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What an attempt used, as a line of metering; nothing when the handler was not called. */
final class MeteringLines {
    private MeteringLines() {}

    static Optional<MeteringLine> of(AttemptReport report) {
        if (report.handled() == 0) {
            return Optional.empty();
        }
        List<RawEvent> events = unfiltered(report);
        return Optional.of(
                new MeteringLine(
                        report.requestId(),
                        report.function(),
                        events.getFirst().offset(),
                        events.getLast().offset(),
                        report.handled(),
                        report.work().attempt(),
                        report.span().startedAt(),
                        report.span().duration(),
                        BilledDuration.millis(report.span().duration()),
                        word(report)));
    }

    /** What was filtered out leaves nothing, so it is not named either. */
    private static List<RawEvent> unfiltered(AttemptReport report) {
        List<RawEvent> all = report.work().events();
        return IntStream.range(0, all.size())
                .filter(i -> !(report.ends().get(i) instanceof ItemEnd.Filtered))
                .mapToObj(all::get)
                .toList();
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
            case UNDECODABLE -> "UNDECODABLE";
            case UNAVAILABLE -> "UNAVAILABLE";
        };
    }
}
