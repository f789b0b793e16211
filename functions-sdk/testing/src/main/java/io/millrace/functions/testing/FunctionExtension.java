package io.millrace.functions.testing;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowPolicy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 *   <li>The handler gets a class loader, a deadline and retries as in production; back-offs are
 *       skipped, so three attempts take no longer than three calls.
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

    private final String handler;
    private final Map<String, String> environment = new HashMap<>();
    private Duration timeout = Duration.ofSeconds(3);
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private BatchPolicy batch = BatchPolicy.SINGLE;
    private ValueFormat format = ValueFormat.AUTO;
    private Optional<WindowPolicy> windows = Optional.empty();
    private @Nullable LocalDelivery delivery;

    private FunctionExtension(String handler) {
        this.handler = handler;
    }

    /** The handler with the engine's defaults: 3 s, 3 attempts, one event at a time. */
    public static FunctionExtension of(Class<?> handler) {
        return new FunctionExtension(handler.getName());
    }

    /** Ends an attempt after this time. */
    public FunctionExtension withTimeout(Duration longest) {
        timeout = longest;
        return this;
    }

    /** Makes an event a dead letter after so many attempts. */
    public FunctionExtension withMaxAttempts(int maxAttempts) {
        retry = RetryPolicy.of(maxAttempts, retry.firstDelay(), retry.maxDelay());
        return this;
    }

    /** Gives a batch handler so many events of a lane at most. */
    public FunctionExtension withBatchSize(int maxEvents) {
        batch = BatchPolicy.of(maxEvents);
        return this;
    }

    /** Gathers events in tumbling windows; {@link TestEvent#at} says into which an event goes. */
    public FunctionExtension withTumblingWindow(Duration size) {
        windows = Optional.of(WindowPolicy.of(size));
        return this;
    }

    /** Decodes values this way. */
    public FunctionExtension withFormat(ValueFormat valueFormat) {
        format = valueFormat;
        return this;
    }

    /** Adds a setting to the function's environment. */
    public FunctionExtension withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Delivers one event and waits for its outcome. */
    public Delivered send(TestEvent event) {
        return sendAll(List.of(event)).getFirst();
    }

    /** Delivers events of one partition, in this order; answers in the same order. */
    public List<Delivered> sendAll(List<TestEvent> events) {
        return running().deliver(events);
    }

    /**
     * Closes the open window, as its time would, and gives what came of its final invocation.
     *
     * @throws IllegalStateException if no window is open: no event has entered one since the last
     *     was closed
     */
    public Delivered closeWindow() {
        return running().closeWindow();
    }

    /** What came of every window that was closed in this test, by its time or by a later event. */
    public List<Delivered> closedWindows() {
        return running().closedWindows();
    }

    /** The state of the open window, as JSON; <code>{}</code> where nothing has entered one. */
    public String windowState() {
        return running().windowState();
    }

    private LocalDelivery running() {
        LocalDelivery current = delivery;
        if (current == null) {
            throw new IllegalStateException(
                    "the function runs only during a test; annotate the extension's field with"
                            + " @RegisterExtension");
        }
        return current;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var name = new FunctionName("function-under-test");
        var spec =
                new FunctionSpec(
                        name,
                        FunctionSpec.LATEST,
                        handler,
                        "0".repeat(64),
                        timeout,
                        MEMORY_MB,
                        environment);
        var trigger =
                new Trigger(
                        new TriggerId("trigger-under-test"),
                        "events",
                        name,
                        FunctionSpec.LATEST,
                        Intake.from(StartingPosition.EARLIEST, format),
                        windows.isPresent() ? LanePolicy.BY_PARTITION : LanePolicy.byKey(LANES),
                        windows.map(batch::withTumbling).orElse(batch),
                        retry,
                        LoadPolicy.of(MAX_CONCURRENCY),
                        Destinations.of("results", "dead-letters"),
                        Guarantee.EXACTLY_ONCE,
                        Activity.ENABLED);
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
