package io.millrace.engine.app;

import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.CommitPolicy;
import io.millrace.engine.offsets.WatermarkClientSupplier;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;
import io.millrace.engine.sink.KafkaSource;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.engine.topology.DeliveryGauges;
import io.millrace.engine.topology.EventScreen;
import io.millrace.engine.topology.InvocationTopology;
import io.millrace.engine.topology.Throttle;
import io.millrace.engine.topology.TriggerRuntime;

import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One trigger running on this node: its Kafka Streams application and its share of the pool.
 *
 * <p>Threading: started, updated and closed by the supervisor only; {@link #gauges} by any thread.
 */
final class TriggerApplication {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerApplication.class);

    /** {@code off} to tell what metering costs; not a setting for users. */
    private static final String METERING = "millrace.internal.metering";

    private static final int LOOKS_PER_LIMITS = 5;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Trigger trigger;
    private final NodeServices node;
    private final Prepared prepared;
    private final AtomicReference<FunctionHandle> function;
    private final TriggerMetrics metrics;
    private final DeliveryGauges gauges;
    private final CircuitBreaker breaker;
    private final SizeGuard guard;
    private final WatermarkClientSupplier clients;
    private final KafkaStreams streams;
    private int looks;
    private volatile boolean stopping;

    private TriggerApplication(
            Trigger trigger,
            FunctionHandle function,
            NodeServices node,
            Prepared prepared,
            Listener listener) {
        this.trigger = trigger;
        this.node = node;
        this.prepared = prepared;
        this.metrics = new TriggerMetrics(node.metrics(), trigger.id());
        this.gauges = new DeliveryGauges(metrics);
        this.function = new AtomicReference<>(function);
        this.breaker = new CircuitBreaker(trigger.load().breaker());
        int largest = prepared.largestRecord();
        this.guard = new SizeGuard(prepared.limits(), largest);
        Properties settings = StreamsSettings.of(node.config(), trigger, largest);
        this.clients =
                new WatermarkClientSupplier(
                        node.time(),
                        (partition, from, to) -> lost(partition, from, to, listener),
                        CommitPolicy.of(node.config().kafka()));
        this.streams =
                new KafkaStreams(
                        InvocationTopology.of(runtime(prepared)),
                        new StreamsConfig(settings),
                        clients);
    }

    /**
     * Checks what the trigger needs, loads its function and starts the application.
     *
     * @param listener told when the application runs, and, with the reason, when it has died
     * @throws io.millrace.engine.model.MillraceException with what is missing
     */
    static TriggerApplication start(
            Trigger trigger, FunctionSpec spec, NodeServices node, Listener listener) {
        Prepared prepared = node.triggerStart().prepare(trigger, node.meteringTopic());
        FunctionHandle function = node.functions().load(spec, trigger, prepared.appendTimes());
        TriggerApplication application;
        try {
            application = new TriggerApplication(trigger, function, node, prepared, listener);
        } catch (RuntimeException e) {
            function.invoker().close();
            new TriggerMetrics(node.metrics(), trigger.id()).ended();
            throw e;
        }
        application.streams.setUncaughtExceptionHandler(error -> {
            LOG.warn("Trigger {} failed and is going to be rebuilt", trigger.id(), error);
            listener.died(FailureWords.of(error), FailureWords.isForGood(error));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        application.streams.setStateListener((to, _) -> {
            if (to == KafkaStreams.State.RUNNING) {
                listener.running();
            } else if (to == KafkaStreams.State.ERROR) {
                listener.died("Kafka Streams stopped with an error", false);
            } else if (to == KafkaStreams.State.REBALANCING) {
                listener.rebalancing();
            }
        });
        application.streams.start();
        return application;
    }

    /** Told by Kafka Streams' own threads; must not block. */
    interface Listener {
        void running();

        /** Partitions are being shared out; meanwhile some of them may stand still. */
        void rebalancing();

        /** Something happened that somebody should know; it goes on. */
        void noticed(String what);

        /**
         * It has ended.
         *
         * @param forGood whether it must not be started again
         */
        void died(String reason, boolean forGood);
    }

    /** What becomes of the membership in the group when the application stops. */
    enum Membership {
        /** The node comes back within the session timeout and goes on without a rebalance. */
        KEPT,
        /** The partitions are free at once: for other nodes, or to be moved. */
        ENDED
    }

    Trigger trigger() {
        return trigger;
    }

    FunctionSpec function() {
        return function.get().spec();
    }

    DeliveryGauges gauges() {
        return gauges;
    }

    /** Asks now and then whether the target topics still take records of the same size. */
    void lookAtLimits() {
        if (looks++ % LOOKS_PER_LIMITS == 0) {
            node.topicWatch().lookAtLimits(prepared.limits().keySet(), guard::learn);
        }
    }

    /**
     * How it has to stop when it goes on as another definition: permits are shared out with the
     * partitions, so other permits need a new assignment.
     */
    Membership membershipBefore(Trigger next) {
        return next.load().maxConcurrency() == trigger.load().maxConcurrency()
                ? Membership.KEPT
                : Membership.ENDED;
    }

    /** What keeps it from handling events at present, in words; empty when nothing does. */
    String trouble() {
        String outage = gauges.outage(node.time().nanos());
        String open = breaker.reason();
        return FailureWords.join(outage, open);
    }

    /** Attempts from now on run this version; those that run come to their end in the former. */
    void update(FunctionSpec spec, Consumer<Runnable> background) {
        FunctionHandle next = node.functions().load(spec, trigger, prepared.appendTimes());
        FunctionHandle former = function.getAndSet(next);
        background.accept(former.invoker()::close);
    }

    /** What was found when it started. */
    Prepared prepared() {
        return prepared;
    }

    /**
     * Starts nothing new, lets what runs come to its end for a bounded time, commits, and stops.
     */
    void close(Membership membership) {
        stopping = true;
        clients.ending();
        try {
            Duration timeout = node.config().limits().supervision().stopTimeout();
            if (!gauges.awaitDrained(timeout, node.time())) {
                LOG.warn(
                        "Trigger {} still had running invocations after {}; their events run again",
                        trigger.id(),
                        timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop(membership);
    }

    /** Stops after a failure: there is nothing to wait for. */
    void abandon(Membership membership) {
        stopping = true;
        clients.ending();
        stop(membership);
    }

    private void stop(Membership membership) {
        var operation =
                switch (membership) {
                    case KEPT -> CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;
                    case ENDED -> CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
                };
        boolean closed =
                streams.close(
                        CloseOptions.timeout(CLOSE_TIMEOUT)
                                .withGroupMembershipOperation(operation));
        if (!closed) {
            LOG.warn("Trigger {} did not stop within {}", trigger.id(), CLOSE_TIMEOUT);
        }
        metrics.ended();
        function.get().invoker().close();
    }

    private void lost(PartitionId partition, long from, long to, Listener listener) {
        node.lostRanges().write(trigger.id(), partition, from, to);
        String what =
                "events "
                        + from
                        + " to "
                        + (to - 1)
                        + " of '"
                        + partition
                        + "' were deleted before they were read; see topic '"
                        + node.lostRanges().topic()
                        + "'";
        LOG.error("Trigger {}: {}", trigger.id(), what);
        listener.noticed(what);
    }

    private boolean isMetered() {
        return !node.config().kafka().getOrDefault(METERING, "on").equals("off");
    }

    private TriggerRuntime runtime(Prepared ready) {
        var rate = RateLimit.none(node.time());
        // Nothing is permitted until partitions bring their shares.
        var dispatcher =
                new Dispatcher(0, rate, InvocationThreads.forTrigger(trigger.id().value()));
        var services =
                new EpochWork.Services(
                        dispatcher,
                        node.attempts(),
                        node.decoder(),
                        new EventScreen(trigger),
                        function::get,
                        node.time());
        metrics.began(gauges, dispatcher, rate, breaker);
        EngineLimits limits = node.config().limits();
        return new TriggerRuntime(
                trigger,
                clients,
                services,
                new TriggerRuntime.Outputs(
                        node.config().nodeId(),
                        isMetered() ? node.meteringTopic() : "",
                        node.meteringSerializer(),
                        guard,
                        new KafkaSource(Optional.empty(), node.config().bootstrapServers()),
                        ready.appendTimes()
                                ? TimestampType.LOG_APPEND_TIME
                                : TimestampType.CREATE_TIME),
                new TriggerRuntime.Limits(
                        limits.partitions().maxEvents(),
                        limits.partitions().maxBytes(),
                        ready.parking(),
                        limits.commits()),
                new Throttle(
                        trigger.load(),
                        trigger.activity().paused().isPresent(),
                        ready.partitions(),
                        dispatcher,
                        rate,
                        breaker),
                RandomGenerator.getDefault(),
                () -> stopping,
                gauges);
    }
}
