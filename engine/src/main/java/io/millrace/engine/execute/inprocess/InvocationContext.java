package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.Context;
import io.millrace.functions.Source;
import io.millrace.functions.Window;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One invocation as the handler sees it; what may not be asked for is made when it is. */
record InvocationContext(
        Invocation invocation, List<Event> events, Optional<Window> window, TimeSource time)
        implements Context {
    @Override
    public String requestId() {
        return invocation.requestId().value();
    }

    @Override
    public String functionName() {
        return invocation.function().name().value();
    }

    @Override
    public String functionVersion() {
        return invocation.function().version();
    }

    @Override
    public String trigger() {
        return invocation.trigger().value();
    }

    @Override
    public int attempt() {
        return invocation.attempt();
    }

    @Override
    public Duration remainingTime() {
        Duration left = Duration.between(time.now(), invocation.deadline());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public int memoryMb() {
        return invocation.function().memoryMb();
    }

    @Override
    public Map<String, String> environment() {
        return invocation.function().environment();
    }

    @Override
    public System.Logger logger() {
        return FunctionLogger.of(invocation);
    }

    @Override
    public List<Source> sources() {
        List<Source> sources = new ArrayList<>(events.size());
        events.forEach(event -> sources.add(new EventSource(event)));
        return List.copyOf(sources);
    }

    /** The invocation only: settings and events may hold secrets. */
    @Override
    public String toString() {
        return functionName() + ":" + functionVersion() + " " + requestId();
    }
}
