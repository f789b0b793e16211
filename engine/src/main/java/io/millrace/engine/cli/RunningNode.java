package io.millrace.engine.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Closes a node cleanly when the process is told to end. */
final class RunningNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    /** What the JVM itself ends with after SIGTERM. */
    private static final int TERMINATED = 143;

    private final AutoCloseable node;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::end, "shutdown");
    private final EndSignal signal;

    RunningNode(AutoCloseable node) {
        this.node = node;
        Runtime.getRuntime().addShutdownHook(hook);
        this.signal = new EndSignal(this::endBySignal);
    }

    void awaitEnd() throws InterruptedException {
        ending.await();
    }

    boolean isEnding() {
        return ending.getCount() == 0;
    }

    /** Ends the wait, as a signal does. */
    void askToEnd() {
        ending.countDown();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeNode();
            ended.countDown();
            signal.close();
        }
    }

    /** The one who waits closes the node and gives the exit code, in bounded time. */
    private void endBySignal() {
        ending.countDown();
        Thread.ofPlatform()
                .daemon()
                .name("end-limit")
                .start(() -> {
                    end();
                    if (ended.getCount() > 0) {
                        Runtime.getRuntime().halt(TERMINATED);
                    }
                });
    }

    /** The JVM halts when its hooks are done, so this one waits for the node. */
    private void end() {
        ending.countDown();
        try {
            if (!ended.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the node did not stop within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeNode() {
        try {
            node.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the node did not stop cleanly", e);
        }
    }
}
