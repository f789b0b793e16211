package io.millrace.engine.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * SIGTERM as a request: who started the process told it to end, so ending is no failure. Without a
 * handler the JVM would end with exit code 143 however well it went.
 *
 * <p>By reflection: the compiler warns of {@code sun.misc.Signal}, for which there is no other way.
 * Threading: any thread.
 */
final class EndSignal implements AutoCloseable {
    private final AtomicReference<Optional<Object>> before =
            new AtomicReference<>(Optional.empty());

    /** Calls it on the first SIGTERM, on a thread of the JVM; a second one is the JVM's. */
    EndSignal(Runnable action) {
        Runnable handler =
                () -> {
                    close();
                    action.run();
                };
        try {
            MethodHandle run =
                    MethodHandles.lookup()
                            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(handler);
            Object ours =
                    MethodHandleProxies.asInterfaceInstance(
                            Class.forName("sun.misc.SignalHandler"),
                            MethodHandles.dropArguments(run, 0, Class.forName("sun.misc.Signal")));
            before.set(Optional.of(handle(ours)));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // This JVM reserves the signal or has none: its shutdown hooks still run.
            tell("SIGTERM is left to the JVM", e);
        }
    }

    /** Gives the signal back. Idempotent. */
    @Override
    public void close() {
        before.getAndSet(Optional.empty())
                .ifPresent(usual -> {
                    try {
                        handle(usual);
                    } catch (ReflectiveOperationException | IllegalArgumentException e) {
                        tell("SIGTERM cannot be given back to the JVM", e);
                    }
                });
    }

    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> signals = Class.forName("sun.misc.Signal");
        Class<?> handlers = Class.forName("sun.misc.SignalHandler");
        Method handle = signals.getMethod("handle", signals, handlers);
        Object term = signals.getConstructor(String.class).newInstance("TERM");
        return handle.invoke(null, term, handler);
    }

    private static void tell(String message, Exception e) {
        // Made here: a logger of the class would exist before the log file's place is known.
        Logger log = LoggerFactory.getLogger(EndSignal.class);
        log.debug(message, e);
    }
}
