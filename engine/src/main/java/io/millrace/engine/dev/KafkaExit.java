package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.common.utils.Exit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Keeps Kafka's server and Connect worker from ending this JVM. The server halts its process when a
 * log directory fails, the worker when its herder does; here that ends the embedded part with a
 * reason, and the process goes on to say so. Threading: any thread.
 */
final class KafkaExit {
    /** Who of the two wants to end the process. */
    enum Part {
        BROKER,
        CONNECT
    }

    /**
     * A part that runs.
     *
     * @param isDamaged whether it has a reason of its own to fail
     * @param failed gets what Kafka says about it
     */
    record Listener(Part part, BooleanSupplier isDamaged, Consumer<String> failed) {}

    private static final Set<Listener> LISTENERS = ConcurrentHashMap.newKeySet();

    private KafkaExit() {}

    /**
     * Tells a part when it wants to end the process. The procedures are global to the JVM, and
     * Kafka does not say which of several brokers failed: the damaged ones are told, or every one.
     */
    static void listen(Listener listener) {
        LISTENERS.add(listener);
        Exit.setExitProcedure(KafkaExit::refuse);
        Exit.setHaltProcedure(KafkaExit::refuse);
        // The owner stops the parts in order; a hook would stop one of them at the same time.
        Exit.setShutdownHookAdder((name, hook) -> {});
    }

    static void forget(Listener listener) {
        LISTENERS.remove(listener);
    }

    private static void refuse(int status, String message) {
        String reason = message == null || message.isBlank() ? "status " + status : message;
        Part part = caller();
        var candidates = LISTENERS.stream().filter(each -> each.part() == part).toList();
        var damaged = candidates.stream().filter(each -> each.isDamaged().getAsBoolean()).toList();
        (damaged.isEmpty() ? candidates : damaged).forEach(each -> each.failed().accept(reason));
        // Kafka's code counts on never coming back from here.
        throw new MillraceException(
                ErrorCode.FAILED, "the embedded " + part + " asked to end the process: " + reason);
    }

    private static Part caller() {
        boolean connect =
                StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame ->
                                        frame.getClassName()
                                                .startsWith("org.apache.kafka.connect.")));
        return connect ? Part.CONNECT : Part.BROKER;
    }
}
