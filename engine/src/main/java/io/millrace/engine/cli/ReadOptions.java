package io.millrace.engine.cli;

import io.millrace.engine.inspect.ReadRequest;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options of commands that read a topic. */
final class ReadOptions {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Option(names = "--follow", description = "Go on with what comes later.")
    private boolean follow;

    @Option(
            names = "--from-beginning",
            description = "Begin with the oldest record; the default unless --follow is given.")
    private boolean fromBeginning;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "Begin with the newest N records, at most 10000.")
    private int last;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "End following when nothing came for that long, such as 10s.")
    private String timeout = "";

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    boolean isFollowing() {
        return follow;
    }

    Optional<Duration> patience() {
        if (timeout.isEmpty()) {
            return Optional.empty();
        }
        if (!follow) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "--timeout is for --follow; without it, reading ends at the end");
        }
        Matcher matcher = DURATION.matcher(timeout);
        if (!matcher.matches()) {
            throw MillraceException.invalid(
                    "--timeout", timeout, "a duration such as 500ms, 10s or 5m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                });
    }

    /** Where to begin: as the options say. */
    ReadRequest.Start start() {
        int most = ReadRequest.Start.Last.MAX;
        if (last < 0 || last > most) {
            throw MillraceException.invalid("--last", "" + last, "1 to " + most);
        }
        if (last > 0 && fromBeginning) {
            throw new MillraceException(
                    ErrorCode.INVALID, "give either --last or --from-beginning, not both");
        }
        if (last > 0) {
            return new ReadRequest.Start.Last(last);
        }
        return follow && !fromBeginning
                ? new ReadRequest.Start.Now()
                : new ReadRequest.Start.Beginning();
    }

    ReadRequest request(String topic) {
        return new ReadRequest(topic, start(), follow, patience());
    }
}
