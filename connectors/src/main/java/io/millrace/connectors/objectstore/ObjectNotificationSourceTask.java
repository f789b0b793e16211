package io.millrace.connectors.objectstore;

import io.millrace.connectors.PluginVersion;
import io.millrace.connectors.objectstore.NotificationParser.Parsed;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.RepeatWindow;
import io.millrace.connectors.sqs.SqsQueues;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Returns what notifications tell of.
 *
 * <ul>
 *   <li>A message that is no notification goes to the dead letters, and the others go on.
 *   <li>A notification that comes later than a younger one of the same object is dropped.
 *   <li>A message is acknowledged only when all that came of it is committed.
 * </ul>
 *
 * <p>Threading: the worker's task thread; {@code stop} and {@code commitRecord} from any thread.
 */
public final class ObjectNotificationSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectNotificationSourceTask.class);

    private final Transports transports;
    private final Pause pause;
    private final Map<SourceRecord, IncomingMessage> underWay =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private volatile @Nullable Run run;

    /** For the worker. */
    public ObjectNotificationSourceTask() {
        this(InstantSource.system(), ObjectNotificationSourceTask::transport);
    }

    ObjectNotificationSourceTask(InstantSource clock, Transports transports) {
        this.transports = transports;
        this.pause = new Pause(clock);
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        NotificationConfig config = NotificationConfig.of(properties);
        run =
                new Run(
                        config,
                        new ObjectEventRecords(
                                config.topic(), config.endpoint(), config.contentType()),
                        new NotificationDeadLetters(config.deadLetterTopic()),
                        new SequencerWindow(config.sequencerWindow()),
                        new Outage(config.origin(), config.outageTimeout(), Pause.LONGEST_WAIT),
                        ObjectStoreMetrics.of(context, () -> 0),
                        Map.copyOf(properties));
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Run current = run;
        if (current == null || !pause.await()) {
            return null;
        }
        List<SourceRecord> records = new ArrayList<>();
        try {
            for (IncomingMessage message : transport(current).receive(Pause.LONGEST_WAIT)) {
                records.addAll(records(current, message));
            }
            current.outage.end();
        } catch (StoreException e) {
            if (!pause.isStopped()) {
                current.metrics.failed();
                pause.untilAfter(current.outage.pauseAfter(e, pause.now()));
            }
        }
        return records.isEmpty() ? null : records;
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        IncomingMessage message = underWay.remove(record);
        if (message != null) {
            message.recordCommitted();
        }
    }

    @Override
    public void stop() {
        pause.stop();
        Run current = run;
        if (current != null) {
            NotificationTransport transport = current.transport;
            if (transport != null) {
                transport.close();
            }
            current.metrics.close();
        }
    }

    /** Opened at the first poll: an address that is in use for a moment must not fail the task. */
    private NotificationTransport transport(Run current) {
        NotificationTransport transport = current.transport;
        if (transport == null) {
            transport = transports.open(current.config, current.properties, context);
            current.transport = transport;
            LOG.info("Reading notifications from {}", current.config.origin());
            if (pause.isStopped()) {
                transport.close();
            }
        }
        return transport;
    }

    private List<SourceRecord> records(Run current, IncomingMessage message) {
        NotificationTransport transport = transport(current);
        List<SourceRecord> records = new ArrayList<>();
        if (transport.isRepeat(message)) {
            current.metrics.ignored();
            message.becomes(0);
            return records;
        }
        Parsed parsed = NotificationParser.parse(message.body(), current.config.keyEncoding());
        if (parsed instanceof Parsed.Malformed malformed) {
            if (message.toldUpTo() == IncomingMessage.NONE) {
                LOG.debug("A message is no notification: {}", malformed.reason());
                current.metrics.deadLetter();
                records.add(
                        current.deadLetters.record(
                                message, malformed.reason(), transport.place(message, 0, true)));
            }
        } else if (parsed instanceof Parsed.Told told) {
            List<ObjectNotification> news = news(current, message, told.notifications());
            for (int i = 0; i < news.size(); i++) {
                ObjectNotification each = news.get(i);
                NotificationTransport.Place place =
                        transport.place(message, each.index(), i == news.size() - 1);
                records.add(current.mapper.record(each.facts(), place.partition(), place.offset()));
                current.metrics.told(each.kind());
            }
        }
        records.forEach(record -> underWay.put(record, message));
        message.becomes(records.size());
        return records;
    }

    private static List<ObjectNotification> news(
            Run current, IncomingMessage message, List<ObjectNotification> told) {
        List<ObjectNotification> news = new ArrayList<>();
        for (ObjectNotification each : told) {
            boolean isLate = !current.sequencers.isNews(each);
            if (each.index() <= message.toldUpTo()) {
                continue;
            }
            if (isLate || !current.config.wants(each)) {
                current.metrics.ignored();
            } else {
                news.add(each);
            }
        }
        return news;
    }

    private static NotificationTransport transport(
            NotificationConfig config, Map<String, String> properties, SourceTaskContext context) {
        InstantSource clock = InstantSource.system();
        return switch (config.transport()) {
            case KAFKA ->
                    new KafkaNotifications(
                            config,
                            new KafkaConsumer<>(
                                    config.consumer(),
                                    new ByteArrayDeserializer(),
                                    new ByteArrayDeserializer()),
                            context.offsetStorageReader(),
                            clock);
            case WEBHOOK ->
                    new WebhookNotifications(
                            config, window(config, "webhook " + config.webhookPath(), context));
            case SQS -> queue(config, SqsQueues.one(properties, clock), context);
        };
    }

    private static <R> NotificationTransport queue(
            NotificationConfig config, QueueEndpoint<R> endpoint, SourceTaskContext context) {
        return new QueueNotifications<>(endpoint, window(config, endpoint.queue(), context));
    }

    private static RepeatWindow window(
            NotificationConfig config, String name, SourceTaskContext context) {
        return RepeatWindow.load(
                name,
                config.repeatMessages(),
                config.repeatAge(),
                context.offsetStorageReader(),
                InstantSource.system());
    }

    /** Opens what notifications come through. */
    interface Transports {
        NotificationTransport open(
                NotificationConfig config,
                Map<String, String> properties,
                SourceTaskContext context);
    }

    /** What a started task has. */
    private static final class Run {
        private final NotificationConfig config;
        private final ObjectEventRecords mapper;
        private final NotificationDeadLetters deadLetters;
        private final SequencerWindow sequencers;
        private final Outage outage;
        private final ObjectStoreMetrics metrics;
        private final Map<String, String> properties;
        private volatile @Nullable NotificationTransport transport;

        Run(
                NotificationConfig config,
                ObjectEventRecords mapper,
                NotificationDeadLetters deadLetters,
                SequencerWindow sequencers,
                Outage outage,
                ObjectStoreMetrics metrics,
                Map<String, String> properties) {
            this.config = config;
            this.mapper = mapper;
            this.deadLetters = deadLetters;
            this.sequencers = sequencers;
            this.outage = outage;
            this.metrics = metrics;
            this.properties = properties;
        }
    }
}
