package io.millrace.engine.dev.demo;

import io.millrace.engine.time.TimeSource;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines of the running demonstration: seconds, what, which, details. Threading: one thread. */
final class DemoLines {
    /** What a line tells, with its colour on a terminal. */
    enum Kind {
        UPLOAD("upload", 36),
        THUMBNAIL("thumbnail", 32),
        RESULT("result", 32),
        METERING("metering", 33),
        NOTIFICATION("notification", 35),
        DEAD_LETTER("dead letter", 31),
        NEWS("", 90);

        private final String text;
        private final int colour;

        Kind(String text, int colour) {
            this.text = text;
            this.colour = colour;
        }
    }

    private final PrintWriter out;
    private final boolean hasColours;
    private final TimeSource time;
    private final long from;
    private int width = 16;

    DemoLines(PrintWriter out, boolean hasColours, TimeSource time) {
        this.out = out;
        this.hasColours = hasColours;
        this.time = time;
        this.from = time.nanos();
    }

    /** Names of pictures take this many columns. */
    void widen(int columns) {
        width = Math.clamp(columns, 8, 40);
    }

    void line(Kind kind, String picture, String details) {
        String label = String.format(Locale.ROOT, "%-12s", kind.text);
        out.printf(
                Locale.ROOT,
                "%8.3f s  %s  %-" + width + "s  %s%n",
                (time.nanos() - from) / 1e9,
                hasColours ? "\u001b[" + kind.colour + "m" + label + "\u001b[0m" : label,
                picture,
                details);
        out.flush();
    }

    void news(String text) {
        out.printf(Locale.ROOT, "%8.3f s  %s%n", (time.nanos() - from) / 1e9, text);
        out.flush();
    }

    void plain(String text) {
        out.println(text);
        out.flush();
    }
}
