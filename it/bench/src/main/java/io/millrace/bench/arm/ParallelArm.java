package io.millrace.bench.arm;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.millrace.bench.function.HandlerWork;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Confluent Parallel Consumer in KEY order.
 *
 * <p>Settings: {@code threads}, {@code commit} (transactional or async), {@code commit.ms}, {@code
 * batch} (events per call), {@code eager} (work during a commit), and those of the clients.
 */
final class ParallelArm implements Arm {
    @Override
    public Running start(ArmTask task) {
        HandlerWork work = task.handler();
        boolean transactional = !task.text("commit", "transactional").equals("async");
        var options =
                ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(Clients.consumer(task))
                        .ordering(ProcessingOrder.KEY)
                        .maxConcurrency(task.number("threads", 200))
                        .batchSize(task.number("batch", 1))
                        .commitMode(
                                transactional
                                        ? CommitMode.PERIODIC_TRANSACTIONAL_PRODUCER
                                        : CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .commitInterval(Duration.ofMillis(task.number("commit.ms", 100)))
                        .commitLockAcquisitionTimeout(Duration.ofMinutes(5))
                        .produceLockAcquisitionTimeout(Duration.ofMinutes(5));
        if (!task.isSilent()) {
            options.producer(Clients.producer(task, transactional));
        }
        if (transactional) {
            options.allowEagerProcessingDuringTransactionCommit(
                    Boolean.parseBoolean(task.text("eager", "false")));
        }
        ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(options.build());
        processor.subscribe(List.of(task.input()));
        if (task.isSilent()) {
            processor.poll(context ->
                    context.getConsumerRecordsFlattened().forEach(one -> work.run(one.value())));
            return processor::closeDontDrainFirst;
        }
        processor.pollAndProduceMany(context -> {
            List<ProducerRecord<byte[], byte[]>> results = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : context.getConsumerRecordsFlattened()) {
                work.run(record.value());
                results.add(new ProducerRecord<>(task.output(), record.key(), record.value()));
            }
            return results;
        });
        return processor::closeDontDrainFirst;
    }
}
