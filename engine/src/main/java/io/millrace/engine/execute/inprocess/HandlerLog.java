package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Invocation;

/** Writes the stack trace of what a handler threw into the function's own log. */
final class HandlerLog {
    private HandlerLog() {}

    static void threw(Invocation invocation, Throwable thrown) {
        try {
            FunctionLogger.of(invocation)
                    .log(
                            System.Logger.Level.INFO,
                            "attempt " + invocation.attempt() + " failed",
                            thrown);
        } catch (RuntimeException | LinkageError | StackOverflowError _) {
            // The exception is the function's own class and may fail to tell about itself; what
            // came of the attempt is reported all the same.
            FunctionLogger.of(invocation)
                    .log(
                            System.Logger.Level.INFO,
                            "attempt " + invocation.attempt() + " failed: " + thrown.getClass());
        }
    }
}
