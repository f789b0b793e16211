package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.functions.NonRetryable;

import org.jspecify.annotations.Nullable;

/** What was thrown, as data. */
final class Failures {
    /** Causes looked at; a chain may be a ring. */
    private static final int MAX_CAUSES = 32;

    private Failures() {}

    /**
     * Names what a handler threw.
     *
     * <p>A {@link NonRetryable} counts wherever it is in the chain of causes, and is then the one
     * that is named. Running out of memory is laid to the environment, since it may be the fault of
     * another function.
     */
    static Failure of(Throwable thrown) {
        Throwable link = thrown;
        for (int i = 0; i < MAX_CAUSES && link != null; i++) {
            if (link instanceof NonRetryable) {
                return named(Kind.NON_RETRYABLE, link);
            }
            link = link.getCause();
        }
        return named(
                thrown instanceof OutOfMemoryError ? Kind.ENVIRONMENT_LOST : Kind.FUNCTION_ERROR,
                thrown);
    }

    /** Names what was thrown while an event was turned into what the handler takes. */
    static Failure unreadable(String wanted, Throwable thrown) {
        return new Failure(
                Kind.UNDECODABLE,
                thrown.getClass().getName(),
                "the event cannot be read as " + wanted + ": " + messageOf(thrown));
    }

    private static Failure named(Kind kind, Throwable thrown) {
        return new Failure(kind, thrown.getClass().getName(), messageOf(thrown));
    }

    private static String messageOf(Throwable thrown) {
        @Nullable String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | LinkageError unfit) {
            // The exception is the function's class, and so is its getMessage().
            return "no message: " + unfit.getClass().getName();
        }
        return message == null ? "" : message;
    }
}
