package io.millrace.engine.dev;

/** Reads the chain of causes of an exception. */
final class Causes {
    private static final int MAX_DEPTH = 32;

    private Causes() {}

    static boolean mention(Throwable thrown, String text) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (String.valueOf(at.getMessage()).contains(text)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    /** Message of the first cause, which names what really happened. */
    static String deepest(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at.getCause() != null && depth < MAX_DEPTH; depth++) {
            at = at.getCause();
        }
        String message = at.getMessage();
        return message == null ? at.getClass().getSimpleName() : message;
    }
}
