package io.millrace.engine.execute;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Invocation;

/**
 * Runs invocations of one function version.
 *
 * <ol>
 *   <li>{@link #invoke} runs on the calling thread and returns exactly one end; a failure of the
 *       handler is a value, never an exception.
 *   <li>It reacts to an interrupt as well as the handler does. Deadlines are kept by the caller.
 *   <li>It may be called by many threads at the same time.
 * </ol>
 */
public interface Invoker extends AutoCloseable {
    AttemptEnd invoke(Invocation invocation);

    /**
     * Whether several events are handed over at a time; where they are not, they come one by one.
     */
    boolean isBatch();

    /** Gives back what the environments hold; running invocations come to their end first. */
    @Override
    void close();
}
