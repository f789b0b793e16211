package io.millrace.connectors.table;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates, times and timestamps, which Debezium tells as numbers, in ISO-8601. */
final class TimeText {
    /**
     * PostgreSQL's {@code infinity} and {@code -infinity} as its driver tells them. Debezium cuts
     * them to the range of the type it tells the value in: whatever is as large is none of a
     * calendar.
     */
    private static final long INFINITY = 9_223_372_036_825_200_000L;

    private static final long NEGATIVE_INFINITY = -9_223_372_036_832_400_000L;

    /** PostgreSQL's last day is 5874897-12-31, its first -4713-11-24. */
    private static final long LAST_DAY = 2_145_031_948L;

    private static final long FIRST_DAY = -2_440_588L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_HOUR = 3600;

    private TimeText() {}

    static String date(long daysSince1970) {
        if (daysSince1970 > LAST_DAY) {
            return "infinity";
        }
        if (daysSince1970 < FIRST_DAY) {
            return "-infinity";
        }
        return LocalDate.ofEpochDay(daysSince1970).toString();
    }

    /** A timestamp without a zone: neither the database nor this text says where it holds. */
    static String timestamp(long ticks, long ticksPerSecond) {
        if (ticks >= INFINITY) {
            return "infinity";
        }
        if (ticks <= NEGATIVE_INFINITY) {
            return "-infinity";
        }
        try {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                    LocalDateTime.ofEpochSecond(
                            Math.floorDiv(ticks, ticksPerSecond),
                            nanos(Math.floorMod(ticks, ticksPerSecond), ticksPerSecond),
                            ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new UnmappableChangeException("No such time: " + e.getMessage(), e);
        }
    }

    /**
     * A time of day. MySQL's may be negative or have more than 24 hours; PostgreSQL knows 24:00.
     */
    static String time(long ticks, long ticksPerSecond) {
        long size = Math.abs(ticks);
        long seconds = size / ticksPerSecond;
        int nanos = nanos(size % ticksPerSecond, ticksPerSecond);
        String text =
                String.format(
                        Locale.ROOT,
                        "%s%02d:%02d:%02d",
                        ticks < 0 ? "-" : "",
                        seconds / SECONDS_PER_HOUR,
                        seconds / 60 % 60,
                        seconds % 60);
        return nanos == 0
                ? text
                : text + "." + String.format(Locale.ROOT, "%09d", nanos).replaceAll("0+$", "");
    }

    static String duration(long ticks, long ticksPerSecond) {
        return Duration.ofSeconds(
                        Math.floorDiv(ticks, ticksPerSecond),
                        nanos(Math.floorMod(ticks, ticksPerSecond), ticksPerSecond))
                .toString();
    }

    private static int nanos(long fraction, long ticksPerSecond) {
        return (int) (fraction * (NANOS_PER_SECOND / ticksPerSecond));
    }
}
