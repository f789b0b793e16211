package io.millrace.functions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler may know about its invocation. Threading: any thread; not to be kept beyond the
 * invocation.
 */
public interface Context {
    /**
     * Identity of the invocation: the same in every attempt of the same events, so that it serves
     * as an idempotency key.
     */
    String requestId();

    /** Name of the function. */
    String functionName();

    /** Version that runs: {@code $LATEST} or a number. */
    String functionVersion();

    /** Id of the trigger the events came by. */
    String trigger();

    /** 1 for the first try of these events. */
    int attempt();

    /** Time until the attempt is ended; zero when it is over, never negative. */
    Duration remainingTime();

    /** Memory the function is configured with, in MB. */
    int memoryMb();

    /** The function's settings from its manifest; immutable. */
    Map<String, String> environment();

    /** A logger of the function's own; its lines carry the request id. */
    System.Logger logger();

    /** The tumbling window of the events; empty where the trigger has none. */
    default Optional<Window> window() {
        return Optional.empty();
    }

    /**
     * Where the events lie, one per event in the same order; immutable, empty only for the final
     * invocation of a {@link Window}.
     */
    List<Source> sources();

    /**
     * Where the event lies; of a batch, where its first event lies.
     *
     * @throws IndexOutOfBoundsException in the final invocation of a {@link Window}
     */
    default Source source() {
        return sources().get(0);
    }
}
