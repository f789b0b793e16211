package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Invocation;

/** Calls a handler of one shape with the events of an invocation; never throws. */
sealed interface HandlerAdapter permits SingleAdapter, BatchAdapter, DocumentAdapter {
    AttemptEnd run(Invocation invocation);
}
