package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Invocation;

/** Writes the stack trace of what a handler threw into the function's own log. */
final class HandlerLog {
    private HandlerLog() {}

    static void threw(Invocation invocation, Throwable thrown) {
        FunctionLogger.of(invocation)
                .log(
                        System.Logger.Level.INFO,
                        "attempt " + invocation.attempt() + " failed",
                        thrown);
    }
}
