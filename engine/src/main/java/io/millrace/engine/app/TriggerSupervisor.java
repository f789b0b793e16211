package io.millrace.engine.app;

import io.millrace.engine.app.TriggerApplication.Membership;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.metrics.Metric;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.RegistrySnapshot;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes what runs equal to what the registry says: starts, updates, rebuilds and stops
 * applications.
 *
 * <ul>
 *   <li>A trigger that cannot start, or died, is tried again with a growing delay; its state says
 *       why.
 *   <li>A broken trigger does not touch the others: what takes time is done on a thread of its own,
 *       one thing at a time for each trigger.
 * </ul>
 *
 * Threading: {@link #follow} and {@link #states} by any thread; everything else happens on the one
 * supervisor thread.
 */
final class TriggerSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerSupervisor.class);

    /** What stopping takes besides waiting for running calls: a commit, and leaving the group. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(40);

    private final NodeServices node;
    private final StateBoard board;
    private final EngineLimits.Supervision limits;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("trigger-supervisor").daemon().factory());
    private final Map<TriggerId, Running> running = new HashMap<>();
    private final CountDownLatch allStopped = new CountDownLatch(1);
    private RegistrySnapshot wanted = RegistrySnapshot.EMPTY;
    private final LongAdder restarts = new LongAdder();
    private boolean nodeStops;

    TriggerSupervisor(NodeServices node, StateBoard board) {
        this.node = node;
        this.board = board;
        this.limits = node.config().limits().supervision();
        node.metrics().show(Metric.TRIGGERS, () -> board.states().size());
        node.metrics().show(Metric.TRIGGERS_RUNNING, board::running);
        node.metrics().show(Metric.RESTARTS, restarts::sum);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        every(limits.watchInterval(), limits.watchInterval(), this::watch);
        // Soon after a start, too: a node may never run for a whole interval.
        every(
                OffsetsRefresh.first(limits.offsetsRefresh()),
                limits.offsetsRefresh(),
                this::refreshOffsets);
    }

    private void every(Duration first, Duration interval, Runnable task) {
        var _ =
                thread.scheduleWithFixedDelay(
                        task, first.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A trigger's application, or the next try to start one. */
    private static final class Running {
        private @Nullable TriggerApplication application;

        /** Something is being started or stopped on a thread of its own. */
        private boolean busy;

        /** The definition that must not be started again. */
        private @Nullable Trigger stoppedForGood;

        /** What has happened to the application that somebody should know. */
        private String notice = "";

        /** What has to be said when the application that is being started has died already. */
        private @Nullable String diedEarly;

        private int failures;

        /** Distinguishes the reports of this application from those of an earlier one. */
        private int generation;

        private final TopicChanges topics = new TopicChanges();
    }

    /** What should run from now on. */
    void follow(RegistrySnapshot snapshot) {
        execute(() -> {
            if (!nodeStops) {
                wanted = snapshot;
                reconcile();
            }
        });
    }

    List<TriggerState> states() {
        return board.states();
    }

    /** Stops all triggers; waits for their running invocations for a bounded time. */
    @Override
    public void close() {
        execute(() -> {
            nodeStops = true;
            wanted = RegistrySnapshot.EMPTY;
            reconcile();
            tellWhenStopped();
        });
        try {
            Duration timeout = limits.stopTimeout().plus(STOP_MARGIN);
            if (!allStopped.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Not all triggers stopped within {}", timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }

    private void reconcile() {
        for (TriggerId id : new ArrayList<>(running.keySet())) {
            if (!wanted.triggers().containsKey(id)) {
                remove(id);
            }
        }
        forgetOthers();
        wanted.triggers().keySet().forEach(this::reconcile);
    }

    private void reconcile(TriggerId id) {
        Trigger trigger = wanted.triggers().get(id);
        if (trigger == null) {
            remove(id);
            return;
        }
        Running current = running.computeIfAbsent(id, _ -> new Running());
        if (current.busy || trigger.equals(current.stoppedForGood)) {
            return;
        }
        current.stoppedForGood = null;
        Optional<FunctionSpec> function = wanted.functionOf(trigger);
        if (!trigger.enabled()) {
            String why = trigger.activity().paused().orElse("disabled in the registry");
            hold(current, trigger, TriggerState.Phase.DISABLED, why);
        } else if (function.isEmpty()) {
            String name = trigger.function() + ":" + trigger.version();
            String missing = "function '" + name + "' does not exist";
            hold(current, trigger, TriggerState.Phase.WAITING, missing);
        } else {
            run(current, trigger, function.get());
        }
    }

    private void run(Running current, Trigger trigger, FunctionSpec function) {
        TriggerApplication application = current.application;
        if (application == null) {
            start(trigger, function, current);
        } else if (!application.trigger().equals(trigger)) {
            stop(trigger.id(), current, application.membershipBefore(trigger));
        } else if (!application.function().equals(function)) {
            update(application, function);
        }
    }

    private void hold(Running current, Trigger trigger, TriggerState.Phase phase, String reason) {
        if (current.application != null) {
            put(trigger.id(), TriggerState.Phase.STOPPING, reason);
            stop(trigger.id(), current, Membership.ENDED);
        } else {
            put(trigger.id(), phase, reason);
        }
    }

    private void remove(TriggerId id) {
        Running current = running.get(id);
        if (current == null || current.busy) {
            return;
        }
        if (current.application != null) {
            put(id, TriggerState.Phase.STOPPING, nodeStops ? "the node stops" : "removed");
            stop(id, current, nodeStops ? Membership.KEPT : Membership.ENDED);
            return;
        }
        running.remove(id);
        forgetOthers();
        tellWhenStopped();
    }

    private void forgetOthers() {
        var known = new HashSet<>(wanted.triggers().keySet());
        known.addAll(running.keySet());
        board.retain(known);
    }

    private void tellWhenStopped() {
        if (nodeStops && running.isEmpty()) {
            allStopped.countDown();
        }
    }

    private void start(Trigger trigger, FunctionSpec function, Running current) {
        int generation = ++current.generation;
        current.busy = true;
        current.notice = "";
        current.diedEarly = null;
        TriggerState.Phase before = board.phase(trigger.id());
        if (before != TriggerState.Phase.WAITING) {
            put(trigger.id(), TriggerState.Phase.STARTING, "its topics are being checked");
        }
        background(
                "start-",
                trigger.id(),
                () -> {
                    try {
                        TriggerApplication started =
                                TriggerApplication.start(
                                        trigger, function, node, new Reports(trigger, generation));
                        execute(() -> started(trigger.id(), current, started));
                    } catch (RuntimeException | LinkageError e) {
                        String reason = FailureWords.ofStart(e);
                        execute(() -> {
                            current.busy = false;
                            tryAgain(trigger.id(), current, reason);
                        });
                    }
                });
    }

    private void started(TriggerId id, Running current, TriggerApplication application) {
        current.busy = false;
        current.application = application;
        current.topics.began(application.prepared());
        board.bind(id, application.gauges());
        String died = current.diedEarly;
        if (died != null) {
            rebuild(id, current, died, Membership.KEPT);
            return;
        }
        if (board.phase(id) == TriggerState.Phase.WAITING) {
            put(id, TriggerState.Phase.STARTING, "it joins its group");
        }
        reconcile(id);
    }

    private void update(TriggerApplication application, FunctionSpec function) {
        TriggerId id = application.trigger().id();
        try {
            application.update(
                    function, former -> Thread.ofVirtual().name("retire-" + id).start(former));
            LOG.info("Trigger {} runs function {} now", id, function.name());
        } catch (RuntimeException | LinkageError e) {
            // The former version goes on: better than nothing, and the state says so.
            String reason = FailureWords.ofStart(e);
            put(id, TriggerState.Phase.RUNNING, "the new version cannot be loaded: " + reason);
            LOG.warn("Trigger {} keeps the former version of its function: {}", id, reason);
        }
    }

    /** Takes the reports of one application to the supervisor thread. */
    private final class Reports implements TriggerApplication.Listener {
        private final TriggerId id;
        private final int generation;
        private final Optional<String> paused;

        private Reports(Trigger trigger, int generation) {
            this.id = trigger.id();
            this.generation = generation;
            this.paused = trigger.activity().paused();
        }

        @Override
        public void running() {
            submit(
                    id,
                    generation,
                    current -> {
                        current.failures = 0;
                        // A paused trigger keeps its partitions and hands out nothing.
                        TriggerState.Phase phase =
                                paused.isPresent()
                                        ? TriggerState.Phase.PAUSED
                                        : TriggerState.Phase.RUNNING;
                        put(id, phase, FailureWords.join(paused.orElse(""), current.notice));
                    });
        }

        @Override
        public void rebalancing() {
            submit(
                    id,
                    generation,
                    current -> {
                        String reason =
                                FailureWords.join(
                                        "its partitions are being shared out", current.notice);
                        put(id, TriggerState.Phase.STARTING, reason);
                    });
        }

        @Override
        public void noticed(String what) {
            submit(
                    id,
                    generation,
                    current -> {
                        current.notice = what;
                        put(id, board.phase(id), what);
                    });
        }

        @Override
        public void died(String reason, boolean forGood) {
            submit(
                    id,
                    generation,
                    current -> {
                        if (forGood) {
                            current.stoppedForGood = wanted.triggers().get(id);
                        }
                        if (current.busy) {
                            current.diedEarly = reason;
                        } else {
                            rebuild(id, current, reason, Membership.KEPT);
                        }
                    });
        }
    }

    /** Does this on the supervisor thread, unless the application has been replaced meanwhile. */
    private void submit(TriggerId id, int generation, java.util.function.Consumer<Running> task) {
        execute(() -> {
            Running current = running.get(id);
            if (current != null && current.generation == generation) {
                task.accept(current);
            }
        });
    }

    /** Says why, throws the application away and starts another one after a delay. */
    private void rebuild(TriggerId id, Running current, String reason, Membership membership) {
        TriggerApplication dead = current.application;
        current.application = null;
        current.generation++;
        if (dead == null) {
            return;
        }
        waits(id, current, reason);
        board.unbind(id);
        current.busy = true;
        background(
                "abandon-",
                id,
                () -> {
                    dead.abandon(membership);
                    execute(() -> {
                        current.busy = false;
                        tryAgain(id, current, reason);
                    });
                });
    }

    private void tryAgain(TriggerId id, Running current, String reason) {
        waits(id, current, reason);
        restarts.increment();
        int doublings = Math.min(current.failures++, 20);
        long first = limits.restarts().first().toMillis();
        long delay = Math.min(limits.restarts().longest().toMillis(), first << doublings);
        if (nodeStops || !wanted.triggers().containsKey(id)) {
            reconcile(id);
            return;
        }
        var _ = thread.schedule(() -> reconcile(id), delay, TimeUnit.MILLISECONDS);
    }

    private void waits(TriggerId id, Running current, String reason) {
        if (!reason.equals(board.reason(id))) {
            LOG.warn("Trigger {} waits: {}", id, reason);
        }
        boolean ends = current.stoppedForGood != null;
        put(id, ends ? TriggerState.Phase.STOPPED : TriggerState.Phase.WAITING, reason);
    }

    /** Lets what runs come to its end; then looks again at what is wanted. */
    private void stop(TriggerId id, Running current, Membership membership) {
        TriggerApplication application = current.application;
        current.application = null;
        current.generation++;
        if (application == null) {
            return;
        }
        board.unbind(id);
        current.busy = true;
        background(
                "stop-",
                id,
                () -> {
                    try {
                        application.close(membership);
                        LOG.info("Trigger {} stopped", id);
                    } finally {
                        execute(() -> {
                            current.busy = false;
                            reconcile(id);
                        });
                    }
                });
    }

    /** Looks at the topics of all running triggers. */
    private void watch() {
        var topics = new ArrayList<Map<String, TopicFacts>>();
        for (Running current : running.values()) {
            if (current.application != null) {
                topics.add(current.topics.known());
                current.application.lookAtLimits();
            }
        }
        if (!topics.isEmpty()) {
            node.topicWatch()
                    .look(TopicWatch.names(topics), found -> execute(() -> compare(found)));
        }
    }

    private void refreshOffsets() {
        // Where one still runs, or runs on another node, its group refuses it.
        wanted.triggers().values().stream()
                .filter(trigger -> !trigger.enabled())
                .map(trigger -> StreamsSettings.applicationId(node.config(), trigger))
                .forEach(node.offsetsRefresh()::refresh);
    }

    private void compare(Map<String, TopicWatch.Finding> found) {
        for (Map.Entry<TriggerId, Running> entry : Map.copyOf(running).entrySet()) {
            Running current = entry.getValue();
            TriggerApplication application = current.application;
            if (application == null || current.busy) {
                continue;
            }
            TriggerId id = entry.getKey();
            switch (current.topics.compare(found, board.phase(id).hasStarted())) {
                case TopicChanges.Verdict.Fine _ -> notice(id, current, application.trouble());
                case TopicChanges.Verdict.Unknown(String reason) ->
                        notice(id, current, "Kafka does not answer: " + reason);
                case TopicChanges.Verdict.Broken(String reason) ->
                        rebuild(id, current, reason, Membership.ENDED);
                case TopicChanges.Verdict.Grown(String reason) -> {
                    LOG.info("Trigger {} starts again: {}", id, reason);
                    put(id, TriggerState.Phase.STOPPING, reason);
                    stop(id, current, Membership.ENDED);
                }
            }
        }
    }

    /** Says for as long as it lasts what does not end the application. */
    private void notice(TriggerId id, Running current, String passing) {
        TriggerState.Phase phase = board.phase(id);
        if (phase == TriggerState.Phase.RUNNING && current.topics.changesNotice(passing)) {
            put(id, phase, FailureWords.join(passing, current.notice));
        }
    }

    private static void background(String what, TriggerId id, Runnable task) {
        var _ = Thread.ofVirtual().name(what + id).start(task);
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The node has stopped", e);
        }
    }

    private void put(TriggerId id, TriggerState.Phase phase, String reason) {
        board.put(new TriggerState(id, phase, reason));
    }
}
