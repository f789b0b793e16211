package io.millrace.schemas.registry;

import java.util.Locale;

/** Foreign texts, made fit for a one-line message. */
final class Texts {
    private static final int LONGEST = 300;

    private Texts() {}

    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName().replace("Exception", "");
        String what = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return message == null ? what : oneLine(what + ": " + message);
    }
}
