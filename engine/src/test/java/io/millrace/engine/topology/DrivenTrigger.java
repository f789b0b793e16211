package io.millrace.engine.topology;

import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.decode.SchemaLookup;
import io.millrace.engine.delivery.EpochWork;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.Invoker;
import io.millrace.engine.execute.ManualDeadlines;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.DrivenThread;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.PartitionEpoch;
import io.millrace.engine.offsets.WatermarkClientSupplier;
import io.millrace.engine.outcome.CircuitBreaker;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;
import io.millrace.engine.sink.KafkaSource;
import io.millrace.engine.sink.SizeGuard;
import io.millrace.engine.time.ManualTimeSource;
import io.millrace.schemas.MeteringRecord;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A trigger's topology in Kafka's test driver; its pool runs when the test says so. */
final class DrivenTrigger implements AutoCloseable {
    static final PartitionId PARTITION = new PartitionId(Samples.PARTITION.topic(), 0);

    final ManualTimeSource time = new ManualTimeSource();
    final List<Invocation> invocations = new ArrayList<>();
    final List<MeteringRecord> metered = new ArrayList<>();
    final DeliveryGauges gauges = new DeliveryGauges();
    final PartitionEpoch epoch;
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final DrivenThread thread;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> source;
    private boolean stopping;

    DrivenTrigger(Trigger trigger, Function<Invocation, AttemptEnd> handler, Path stateDirectory) {
        this(trigger, handler, stateDirectory, FinishedSet.empty(0));
    }

    DrivenTrigger(
            Trigger trigger,
            Function<Invocation, AttemptEnd> handler,
            Path stateDirectory,
            FinishedSet recovered) {
        var clients = new WatermarkClientSupplier(time, (_, _, _) -> {});
        thread = new DrivenThread(clients);
        epoch = thread.open(PARTITION, recovered);
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, trigger.id().value());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver =
                new TopologyTestDriver(
                        InvocationTopology.of(runtime(trigger, clients, handler)),
                        settings,
                        time.now());
        var bytes = new ByteArraySerializer();
        source = driver.createInputTopic(trigger.sourceTopic(), bytes, bytes, time.now(), ZERO);
        // Permits come with the first tick.
        tick();
    }

    private static final Duration ZERO = Duration.ZERO;

    private TriggerRuntime runtime(
            Trigger trigger,
            WatermarkClientSupplier clients,
            Function<Invocation, AttemptEnd> handler) {
        var rate = RateLimit.none(time);
        var dispatcher = new Dispatcher(0, rate, threads::add);
        var function = new FunctionHandle(Samples.FUNCTION, invoker(handler));
        return new TriggerRuntime(
                trigger,
                clients,
                new EpochWork.Services(
                        dispatcher,
                        new RunningAttempts(time, new ManualDeadlines()),
                        new EventDecoder(_ -> new SchemaLookup.Found.Unusable("not asked for")),
                        new EventScreen(trigger),
                        () -> function,
                        time),
                new TriggerRuntime.Outputs(
                        "node",
                        "metering",
                        (_, record) -> meter(record),
                        new SizeGuard(Map.of(), 1_000_000),
                        new KafkaSource(Optional.empty(), "kafka:9092"),
                        TimestampType.CREATE_TIME),
                TriggerRuntime.Limits.DEFAULT,
                new Throttle(
                        trigger.load(),
                        trigger.activity().paused().isPresent(),
                        1,
                        dispatcher,
                        rate,
                        new CircuitBreaker(trigger.load().breaker())),
                new SplittableRandom(1),
                () -> stopping,
                gauges);
    }

    private Invoker invoker(Function<Invocation, AttemptEnd> handler) {
        return new Invoker() {
            @Override
            public AttemptEnd invoke(Invocation invocation) {
                invocations.add(invocation);
                return handler.apply(invocation);
            }

            @Override
            public boolean isBatch() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    private byte[] meter(MeteringRecord record) {
        byte[] bytes = MeteringBytes.of(record);
        metered.add(MeteringBytes.read(bytes));
        return bytes;
    }

    void publish(@Nullable String key, @Nullable String value, Header... headers) {
        var kafka = new RecordHeaders();
        for (Header header : headers) {
            kafka.add(header.key(), header.value().orNull());
        }
        source.pipeInput(
                new TestRecord<byte[], byte[]>(bytes(key), bytes(value), kafka, time.now()));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Lets the pool run until it has nothing to do, and the stream thread apply what came of it.
     */
    void run() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        tick();
        while (!threads.isEmpty()) {
            threads.remove().run();
            tick();
        }
    }

    void advance(Duration duration) {
        time.advance(duration);
        driver.advanceWallClockTime(duration);
    }

    private void tick() {
        advance(Duration.ofMillis(1));
    }

    void stop() {
        stopping = true;
    }

    /** Everything written to a topic since the last look. */
    List<TestRecord<byte[], byte[]>> written(String topic) {
        return driver.createOutputTopic(
                        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** What the producer writes with a commit. */
    List<ProducerRecord<byte[], byte[]>> commit() {
        return thread.commit();
    }

    boolean isPoisoned() {
        return thread.isPoisoned();
    }

    KeyValueStore<Long, byte[]> parked() {
        return driver.getKeyValueStore(InvocationTopology.PARKED_STORE);
    }

    @Override
    public void close() {
        driver.close();
    }
}
