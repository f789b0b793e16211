package io.millrace.engine.render;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The forms in which AWS writes times. */
final class Times {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Times() {}

    /** 2026-11-21T09:00:00.123Z, with all three digits. */
    static String millis(Instant time) {
        return MILLIS.format(time);
    }

    /** 2026-11-21T09:00:00Z. */
    static String seconds(Instant time) {
        return SECONDS.format(time);
    }

    /** Seconds since 1970 with three decimals. */
    static BigDecimal decimal(long epochMillis) {
        return BigDecimal.valueOf(epochMillis, 3);
    }
}
