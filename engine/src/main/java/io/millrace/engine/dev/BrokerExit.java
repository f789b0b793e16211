package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.common.utils.Exit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Keeps the Kafka server from ending this JVM. The server halts its process when a log directory
 * fails; here that ends the embedded broker with a reason, and the process goes on to say so.
 * Threading: any thread.
 */
final class BrokerExit {
    private static final Set<Consumer<String>> LISTENERS = ConcurrentHashMap.newKeySet();

    private BrokerExit() {}

    /**
     * Tells a broker when the server wants to end the process. The procedures are global to the
     * JVM, and Kafka does not say which of several brokers failed: every one is told.
     */
    static void listen(Consumer<String> broker) {
        LISTENERS.add(broker);
        Exit.setExitProcedure(BrokerExit::refuse);
        Exit.setHaltProcedure(BrokerExit::refuse);
    }

    static void forget(Consumer<String> broker) {
        LISTENERS.remove(broker);
    }

    private static void refuse(int status, String message) {
        String reason = message == null || message.isBlank() ? "status " + status : message;
        LISTENERS.forEach(listener -> listener.accept(reason));
        // Kafka's code counts on never coming back from here.
        throw new MillraceException(
                ErrorCode.FAILED, "the embedded broker asked to end the process: " + reason);
    }
}
