package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.execute.BatchAnswers;
import io.millrace.engine.execute.EventDocuments;
import io.millrace.engine.execute.Invoker;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.time.TimeSource;
import io.millrace.functions.BatchHandler;
import io.millrace.functions.Handler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs one version of a trusted function in this JVM: one instance of its handler in a class loader
 * of its own, called on the threads of whoever invokes.
 *
 * <ul>
 *   <li>The thread's context class loader is the function's while events are read, the handler runs
 *       and results are encoded.
 *   <li>Whatever the handler throws, errors of the JVM included, is a value.
 *   <li>Memory and processor time are not limited: such a function is trusted.
 * </ul>
 *
 * <p>Threading: any thread.
 */
public final class InProcessInvoker implements Invoker {
    private static final Logger log = LoggerFactory.getLogger(InProcessInvoker.class);

    private final FunctionSpec spec;
    private final FunctionClassLoader loader;
    private final HandlerClass handlerClass;
    private final Object handler;
    private final HandlerAdapter adapter;
    private final RunningCount running = new RunningCount();

    private InProcessInvoker(
            FunctionSpec spec,
            FunctionClassLoader loader,
            HandlerClass handlerClass,
            Object handler,
            HandlerAdapter adapter) {
        this.spec = spec;
        this.loader = loader;
        this.handlerClass = handlerClass;
        this.handler = handler;
        this.adapter = adapter;
    }

    /**
     * Loads the function and makes its handler.
     *
     * @param codePackage a jar, or a zip with jars in {@code lib/}; must stay in place until {@link
     *     #close}
     * @param scratch folder below which nested jars are unpacked until {@link #close}
     * @param encoder encodes what the handler returns; must be this invoker's own, since it may
     *     keep the function's classes
     * @throws io.millrace.engine.model.MillraceException naming the package or class and what is
     *     wrong with it
     */
    public static InProcessInvoker create(
            FunctionSpec spec,
            Path codePackage,
            Path scratch,
            ResultEncoder encoder,
            TimeSource time) {
        return create(spec, codePackage, scratch, encoder, Delivery.RECORDS, time);
    }

    /** Loads a function for a trigger that says what its handler is handed. */
    public static InProcessInvoker create(
            FunctionSpec spec,
            Path codePackage,
            Path scratch,
            ResultEncoder encoder,
            Delivery delivery,
            TimeSource time) {
        return load(spec, FunctionPackage.open(codePackage, scratch), encoder, delivery, time);
    }

    /** What a handler is handed, and what it may answer. */
    public sealed interface Delivery {
        Delivery RECORDS = new Records(BatchAnswers.NONE);

        /**
         * The values of the events.
         *
         * @param answers reads answers in Lambda's form
         */
        record Records(BatchAnswers answers) implements Delivery {}

        /** One document for all events of an invocation. */
        record Document(EventDocuments documents) implements Delivery {}
    }

    /**
     * Loads a function from the class path of this JVM, for tests: in a class loader of its own all
     * the same, so that it sees no more than it would see deployed.
     */
    public static InProcessInvoker createFromClassPath(
            FunctionSpec spec, ResultEncoder encoder, TimeSource time) {
        return load(spec, FunctionPackage.ofClassPath(), encoder, Delivery.RECORDS, time);
    }

    private static InProcessInvoker load(
            FunctionSpec spec,
            FunctionPackage code,
            ResultEncoder encoder,
            Delivery delivery,
            TimeSource time) {
        FunctionClassLoader loader =
                new FunctionClassLoader("function-" + spec.name() + "-" + spec.version(), code);
        try {
            return load(spec, loader, encoder, delivery, time);
        } catch (RuntimeException | Error failed) {
            close(loader, spec);
            throw failed;
        }
    }

    private static InProcessInvoker load(
            FunctionSpec spec,
            FunctionClassLoader loader,
            ResultEncoder encoder,
            Delivery delivery,
            TimeSource time) {
        TypeFactory types = FunctionJson.typesOf(loader);
        HandlerClass found = HandlerClass.find(spec.handler(), loader, types);
        if (delivery instanceof Delivery.Document) {
            HandlerCheck.requireSingle(spec.handler(), found.isBatch());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            InputReader reader = InputReader.of(found.input(), FunctionJson.mapper(types), loader);
            Object handler = found.instantiate();
            HandlerAdapter adapter =
                    adapterOf(
                            handler,
                            delivery,
                            new Exchange(reader, encoder, new WindowStates(types)),
                            time);
            return new InProcessInvoker(spec, loader, found, handler, adapter);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** What turns events into what the handler takes, and back. */
    private record Exchange(InputReader reader, ResultEncoder encoder, WindowStates states) {}

    @SuppressWarnings("unchecked") // the reader makes what the class says it takes
    private static HandlerAdapter adapterOf(
            Object handler, Delivery delivery, Exchange exchange, TimeSource time) {
        return switch (delivery) {
            case Delivery.Document(EventDocuments documents) ->
                    new DocumentAdapter(
                            (Handler<@Nullable Object, @Nullable Object>) handler,
                            exchange.reader(),
                            exchange.encoder(),
                            documents,
                            exchange.states(),
                            time);
            case Delivery.Records(BatchAnswers answers)
                    when handler instanceof BatchHandler<?, ?> batch ->
                    new BatchAdapter(
                            (BatchHandler<@Nullable Object, @Nullable Object>) batch,
                            exchange.reader(),
                            exchange.encoder(),
                            answers,
                            exchange.states(),
                            time);
            case Delivery.Records _ ->
                    new SingleAdapter(
                            (Handler<@Nullable Object, @Nullable Object>) handler,
                            exchange.reader(),
                            exchange.encoder(),
                            exchange.states(),
                            time);
        };
    }

    @Override
    public boolean isBatch() {
        return handlerClass.isBatch() || adapter instanceof DocumentAdapter;
    }

    @Override
    public AttemptEnd invoke(Invocation invocation) {
        if (!running.enter()) {
            return new AttemptEnd.Failed(
                    new Failure(
                            Failure.Kind.ENVIRONMENT_LOST,
                            "EnvironmentClosed",
                            "function " + spec.name() + ":" + spec.version() + " is retired"));
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return adapter.run(invocation);
        } catch (Throwable thrown) {
            // Only what hits the machine itself gets here, such as running out of memory.
            return new AttemptEnd.Failed(Failures.of(thrown));
        } finally {
            thread.setContextClassLoader(before);
            running.leave();
        }
    }

    /**
     * Refuses further invocations, waits for the running ones, closes the handler if it can be
     * closed, and gives back the function's classes. Waits no longer than the function's timeout:
     * if an invocation still runs then, its handler and classes are left as they are. May be called
     * more than once.
     */
    @Override
    public void close() {
        if (!running.shut()) {
            return;
        }
        try {
            if (!running.awaitEmpty(spec.timeout())) {
                log.warn(
                        "Function {}:{} does not end within its timeout of {}; its classes stay in"
                                + " memory until this node is restarted",
                        spec.name(),
                        spec.version(),
                        spec.timeout());
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        closeHandler();
        close(loader, spec);
    }

    // Whatever the function's close() throws must not keep its classes alive.
    @SuppressWarnings("InterruptedExceptionSwallowed")
    private void closeHandler() {
        if (!(handler instanceof AutoCloseable closeable)) {
            return;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            closeable.close();
        } catch (Throwable thrown) {
            log.warn(
                    "Handler '{}' of function {}:{} failed to close; what it held may be leaked",
                    spec.handler(),
                    spec.name(),
                    spec.version(),
                    thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void close(FunctionClassLoader loader, FunctionSpec spec) {
        try {
            loader.close();
        } catch (IOException | RuntimeException failed) {
            log.warn(
                    "The package of function {}:{} cannot be closed; its files stay open",
                    spec.name(),
                    spec.version(),
                    failed);
        }
    }
}
