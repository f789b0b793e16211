package io.millrace.functions.testing;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a handler in a JUnit test exactly as the engine would.
 *
 * <pre>{@code
 * @RegisterExtension
 * final FunctionExtension hello = FunctionExtension.of(HelloFunction.class);
 *
 * @Test
 * void shouldGreet() {
 *     assertEquals("Hello, Ada!", hello.send(TestEvent.text("Ada")).text());
 * }
 * }</pre>
 *
 * <ul>
 *   <li>The handler gets a class loader, a deadline and retries as in production; back-offs are skipped,
 *       so three attempts take no longer than three calls.
 *   <li>Every test method begins with a new environment, as after a cold start.
 *   <li>The handler is loaded apart from the test: static fields of the test are not the handler's.
 * </ul>
 *
 * Threading: the test's thread.
 */
public final class FunctionExtension implements BeforeEachCallback, AfterEachCallback {
    private static final int LANES = 64;
    private static final int MAX_CONCURRENCY = 16;
    private static final int MEMORY_MB = 128;

    private final Settings settings;
    private @Nullable LocalDelivery delivery;

    private FunctionExtension(Settings settings) {
        this.settings = settings;
    }

    private record Settings(
            String handler,
            Duration timeout,
            RetryPolicy retry,
            int batchSize,
            ValueFormat format,
            Map<String, String> environment) {
        private Settings {
            environment = Map.copyOf(environment);
        }
    }

    /** The handler with the engine's defaults: 3 s, 3 attempts, one event at a time. */
    public static FunctionExtension of(Class<?> handler) {
        return new FunctionExtension(
                new Settings(
                        handler.getName(),
                        Duration.ofSeconds(3),
                        RetryPolicy.DEFAULT,
                        1,
                        ValueFormat.AUTO,
                        Map.of()));
    }

    /** Longest duration of one attempt. */
    public FunctionExtension withTimeout(Duration timeout) {
        return new FunctionExtension(
                new Settings(
                        settings.handler,
                        timeout,
                        settings.retry,
                        settings.batchSize,
                        settings.format,
                        settings.environment));
    }

    /** How often an event is tried before it becomes a dead letter. */
    public FunctionExtension withMaxAttempts(int maxAttempts) {
        var retry =
                new RetryPolicy(
                        maxAttempts, settings.retry.firstDelay(), settings.retry.maxDelay());
        return new FunctionExtension(
                new Settings(
                        settings.handler,
                        settings.timeout,
                        retry,
                        settings.batchSize,
                        settings.format,
                        settings.environment));
    }

    /** How many events of a lane a batch handler gets at most. */
    public FunctionExtension withBatchSize(int batchSize) {
        return new FunctionExtension(
                new Settings(
                        settings.handler,
                        settings.timeout,
                        settings.retry,
                        batchSize,
                        settings.format,
                        settings.environment));
    }

    /** How values are decoded. */
    public FunctionExtension withFormat(ValueFormat format) {
        return new FunctionExtension(
                new Settings(
                        settings.handler,
                        settings.timeout,
                        settings.retry,
                        settings.batchSize,
                        format,
                        settings.environment));
    }

    /** One more setting of the function's environment. */
    public FunctionExtension withEnvironment(String name, String value) {
        var environment = new HashMap<>(settings.environment);
        environment.put(name, value);
        return new FunctionExtension(
                new Settings(
                        settings.handler,
                        settings.timeout,
                        settings.retry,
                        settings.batchSize,
                        settings.format,
                        environment));
    }

    /** Delivers one event and waits for its outcome. */
    public Delivered send(TestEvent event) {
        return sendAll(List.of(event)).getFirst();
    }

    /** Delivers events of one partition, in this order; answers in the same order. */
    public List<Delivered> sendAll(List<TestEvent> events) {
        LocalDelivery current = delivery;
        if (current == null) {
            throw new IllegalStateException(
                    "the function runs only during a test; annotate the extension's field with"
                            + " @RegisterExtension");
        }
        return current.deliver(events);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var name = new FunctionName("function-under-test");
        var spec =
                new FunctionSpec(
                        name,
                        FunctionSpec.LATEST,
                        settings.handler,
                        "0".repeat(64),
                        settings.timeout,
                        MEMORY_MB,
                        settings.environment);
        var trigger =
                new Trigger(
                        new TriggerId("trigger-under-test"),
                        "events",
                        name,
                        FunctionSpec.LATEST,
                        LANES,
                        MAX_CONCURRENCY,
                        new BatchPolicy(settings.batchSize),
                        settings.retry,
                        new Destinations("results", "dead-letters", Optional.empty()),
                        settings.format,
                        StartingPosition.EARLIEST,
                        true);
        delivery = new LocalDelivery(spec, trigger);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (delivery != null) {
            delivery.close();
            delivery = null;
        }
    }
}
