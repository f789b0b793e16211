package io.millrace.bench.arm;

import io.millrace.bench.function.HandlerWork;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Share consumer: the events of a poll run on virtual threads and are acknowledged one by one when
 * all have ended. No order, no transactions.
 */
final class ShareArm implements Arm {
    @Override
    public Running start(ArmTask task) throws ExecutionException, InterruptedException {
        readFromTheStart(task);
        AtomicBoolean stopped = new AtomicBoolean();
        Thread loop = Thread.ofPlatform().name("share").start(() -> loop(task, stopped));
        return () -> {
            stopped.set(true);
            loop.join();
        };
    }

    private static void readFromTheStart(ArmTask task)
            throws ExecutionException, InterruptedException {
        try (Admin admin =
                Admin.create(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers()))) {
            Void _ =
                    admin.incrementalAlterConfigs(
                                    Map.of(
                                            new ConfigResource(
                                                    ConfigResource.Type.GROUP, task.group()),
                                            List.of(
                                                    new AlterConfigOp(
                                                            new ConfigEntry(
                                                                    "share.auto.offset.reset",
                                                                    "earliest"),
                                                            AlterConfigOp.OpType.SET))))
                            .all()
                            .get();
        }
    }

    private static void loop(ArmTask task, AtomicBoolean stopped) {
        HandlerWork work = task.handler();
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        task.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        task.group(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        task.number("max.poll.records", 2000),
                        ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                        "explicit");
        try (var consumer =
                        new KafkaShareConsumer<>(
                                settings,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                Producer<byte[], byte[]> producer = Clients.producer(task, false);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            consumer.subscribe(List.of(task.input()));
            while (!stopped.get()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                Phaser running = new Phaser(1);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    running.register();
                    threads.execute(() -> {
                        work.run(record.value());
                        if (!task.isSilent()) {
                            var _ =
                                    producer.send(
                                            new ProducerRecord<>(
                                                    task.output(), record.key(), record.value()));
                        }
                        running.arriveAndDeregister();
                    });
                }
                running.arriveAndAwaitAdvance();
                producer.flush();
                records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
            }
        }
    }
}
