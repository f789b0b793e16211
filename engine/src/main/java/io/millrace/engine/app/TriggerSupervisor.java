package io.millrace.engine.app;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.RegistrySnapshot;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes what runs equal to what the registry says: starts, updates, rebuilds and stops
 * applications.
 *
 * <ul>
 *   <li>A trigger that cannot start, or died, is tried again with a growing delay; its state says
 *       why.
 *   <li>A broken trigger does not touch the others.
 * </ul>
 *
 * Threading: {@link #follow} and {@link #states} by any thread; everything else happens on the one
 * supervisor thread.
 */
final class TriggerSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerSupervisor.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration MAX_DELAY = Duration.ofSeconds(15);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final NodeServices node;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("trigger-supervisor").daemon().factory());
    private final Map<TriggerId, Running> running = new HashMap<>();
    private final Map<TriggerId, TriggerState> states = new ConcurrentHashMap<>();
    private RegistrySnapshot wanted = RegistrySnapshot.EMPTY;

    TriggerSupervisor(NodeServices node) {
        this.node = node;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** A trigger's application, or the next try to start one. */
    private static final class Running {
        private @Nullable TriggerApplication application;
        private int failures;

        /** Distinguishes the reports of this application from those of an earlier one. */
        private int generation;
    }

    /** What should run from now on. */
    void follow(RegistrySnapshot snapshot) {
        thread.execute(() -> {
            wanted = snapshot;
            reconcile();
        });
    }

    List<TriggerState> states() {
        return List.copyOf(states.values());
    }

    /** Stops all triggers; waits for their running invocations for a bounded time. */
    @Override
    public void close() {
        thread.execute(() -> {
            wanted = RegistrySnapshot.EMPTY;
            reconcile();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Not all triggers stopped within {}", STOP_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reconcile() {
        for (TriggerId id : new ArrayList<>(running.keySet())) {
            if (!wanted.triggers().containsKey(id)) {
                stop(id);
                states.remove(id);
            }
        }
        wanted.triggers().values().forEach(this::reconcile);
    }

    private void reconcile(Trigger trigger) {
        Optional<FunctionSpec> function = wanted.functionOf(trigger);
        if (!trigger.enabled()) {
            stop(trigger.id());
            put(trigger.id(), TriggerState.Phase.DISABLED, "disabled in the registry");
            return;
        }
        if (function.isEmpty()) {
            stop(trigger.id());
            String name = trigger.function() + ":" + trigger.version();
            put(trigger.id(), TriggerState.Phase.WAITING, "function '" + name + "' does not exist");
            return;
        }
        Running current = running.computeIfAbsent(trigger.id(), _ -> new Running());
        TriggerApplication application = current.application;
        if (application != null && !application.trigger().equals(trigger)) {
            stopApplication(current);
            application = null;
        }
        if (application == null) {
            start(trigger, function.get(), current);
        } else if (!application.function().equals(function.get())) {
            update(application, function.get());
        }
    }

    private void start(Trigger trigger, FunctionSpec function, Running current) {
        int generation = ++current.generation;
        put(trigger.id(), TriggerState.Phase.STARTING, "");
        try {
            current.application =
                    TriggerApplication.start(
                            trigger, function, node, listener(trigger.id(), generation));
        } catch (RuntimeException e) {
            String reason = e instanceof MillraceException known ? known.text() : e.toString();
            tryAgain(trigger.id(), current, reason);
        }
    }

    private void update(TriggerApplication application, FunctionSpec function) {
        TriggerId id = application.trigger().id();
        try {
            application.update(
                    function, former -> Thread.ofVirtual().name("retire-" + id).start(former));
            LOG.info("Trigger {} runs function {} now", id, function.name());
        } catch (RuntimeException e) {
            // The former version goes on: better than nothing, and the state says so.
            String reason = e instanceof MillraceException known ? known.text() : e.toString();
            put(id, TriggerState.Phase.RUNNING, "the new version cannot be loaded: " + reason);
            LOG.warn("Trigger {} keeps the former version of its function: {}", id, reason);
        }
    }

    private TriggerApplication.Listener listener(TriggerId id, int generation) {
        return new TriggerApplication.Listener() {
            @Override
            public void running() {
                submit(
                        id,
                        generation,
                        current -> {
                            current.failures = 0;
                            put(id, TriggerState.Phase.RUNNING, "");
                        });
            }

            @Override
            public void died(String reason) {
                submit(
                        id,
                        generation,
                        current -> {
                            TriggerApplication dead = current.application;
                            current.application = null;
                            current.generation++;
                            if (dead != null) {
                                dead.abandon();
                            }
                            tryAgain(id, current, reason);
                        });
            }
        };
    }

    /** Does this on the supervisor thread, unless the application has been replaced meanwhile. */
    private void submit(TriggerId id, int generation, java.util.function.Consumer<Running> task) {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(() -> {
            Running current = running.get(id);
            if (current != null && current.generation == generation) {
                task.accept(current);
            }
        });
    }

    private void tryAgain(TriggerId id, Running current, String reason) {
        int doublings = Math.min(current.failures++, 10);
        long delay = Math.min(MAX_DELAY.toMillis(), FIRST_DELAY.toMillis() << doublings);
        if (!reason.equals(reasonOf(id))) {
            LOG.warn("Trigger {} waits: {}", id, reason);
        }
        put(id, TriggerState.Phase.WAITING, reason);
        var _ = thread.schedule((Runnable) this::reconcile, delay, TimeUnit.MILLISECONDS);
    }

    private String reasonOf(TriggerId id) {
        TriggerState state = states.get(id);
        return state == null ? "" : state.reason();
    }

    private void stop(TriggerId id) {
        Running current = running.remove(id);
        if (current != null) {
            stopApplication(current);
            LOG.info("Trigger {} stopped", id);
        }
    }

    private static void stopApplication(Running current) {
        TriggerApplication application = current.application;
        current.application = null;
        current.generation++;
        if (application != null) {
            application.close();
        }
    }

    private void put(TriggerId id, TriggerState.Phase phase, String reason) {
        states.put(id, new TriggerState(id, phase, reason));
    }
}
