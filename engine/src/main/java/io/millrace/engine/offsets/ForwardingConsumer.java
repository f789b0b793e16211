package io.millrace.engine.offsets;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.metrics.KafkaMetric;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Delegates every method of a consumer; no logic but one: a wake-up that comes late is absorbed and
 * the call repeated.
 *
 * <p>A wake-up is meant for {@code poll}, but its flag stays set when the poll has ended meanwhile,
 * and then the next call throws. Kafka Streams does not expect that anywhere: its thread would die.
 */
abstract class ForwardingConsumer implements Consumer<byte[], byte[]> {
    final Consumer<byte[], byte[]> delegate;
    private long absorbed;

    ForwardingConsumer(Consumer<byte[], byte[]> delegate) {
        this.delegate = delegate;
    }

    /** Wake-ups that came late. */
    final long absorbedWakeups() {
        return absorbed;
    }

    private <T> T call(Supplier<T> method) {
        while (true) {
            try {
                return method.get();
            } catch (WakeupException late) {
                // The throw has cleared the flag, and there is one wake-up per poll: this ends.
                absorbed++;
            }
        }
    }

    private void run(Runnable method) {
        call(() -> {
            method.run();
            return true;
        });
    }

    @Override
    public Set<TopicPartition> assignment() {
        return call(() -> delegate.assignment());
    }

    @Override
    public Set<String> subscription() {
        return call(() -> delegate.subscription());
    }

    @Override
    public void subscribe(Collection<String> topics) {
        run(() -> delegate.subscribe(topics));
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        run(() -> delegate.subscribe(topics, listener));
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        run(() -> delegate.assign(partitions));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        run(() -> delegate.subscribe(pattern, listener));
    }

    @Override
    public void subscribe(Pattern pattern) {
        run(() -> delegate.subscribe(pattern));
    }

    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        run(() -> delegate.subscribe(pattern, listener));
    }

    @Override
    public void subscribe(SubscriptionPattern pattern) {
        run(() -> delegate.subscribe(pattern));
    }

    @Override
    public void unsubscribe() {
        run(() -> delegate.unsubscribe());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return call(() -> delegate.poll(timeout));
    }

    @Override
    public void commitSync() {
        run(() -> delegate.commitSync());
    }

    @Override
    public void commitSync(Duration timeout) {
        run(() -> delegate.commitSync(timeout));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        run(() -> delegate.commitSync(offsets));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        run(() -> delegate.commitSync(offsets, timeout));
    }

    @Override
    public void commitAsync() {
        run(() -> delegate.commitAsync());
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        run(() -> delegate.commitAsync(callback));
    }

    @Override
    public void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        run(() -> delegate.commitAsync(offsets, callback));
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        run(() -> delegate.registerMetricForSubscription(metric));
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        run(() -> delegate.unregisterMetricFromSubscription(metric));
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        run(() -> delegate.seek(partition, offset));
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offsetAndMetadata) {
        run(() -> delegate.seek(partition, offsetAndMetadata));
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        run(() -> delegate.seekToBeginning(partitions));
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        run(() -> delegate.seekToEnd(partitions));
    }

    @Override
    public long position(TopicPartition partition) {
        return call(() -> delegate.position(partition));
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return call(() -> delegate.position(partition, timeout));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return call(() -> delegate.committed(partitions));
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        return call(() -> delegate.committed(partitions, timeout));
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return call(() -> delegate.clientInstanceId(timeout));
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return call(() -> delegate.metrics());
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return call(() -> delegate.partitionsFor(topic));
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return call(() -> delegate.partitionsFor(topic, timeout));
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return call(() -> delegate.listTopics());
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return call(() -> delegate.listTopics(timeout));
    }

    @Override
    public Set<TopicPartition> paused() {
        return call(() -> delegate.paused());
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        run(() -> delegate.pause(partitions));
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        run(() -> delegate.resume(partitions));
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times) {
        return call(() -> delegate.offsetsForTimes(times));
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times, Duration timeout) {
        return call(() -> delegate.offsetsForTimes(times, timeout));
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return call(() -> delegate.beginningOffsets(partitions));
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        return call(() -> delegate.beginningOffsets(partitions, timeout));
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return call(() -> delegate.endOffsets(partitions));
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        return call(() -> delegate.endOffsets(partitions, timeout));
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return call(() -> delegate.currentLag(partition));
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return call(() -> delegate.groupMetadata());
    }

    @Override
    public void enforceRebalance() {
        run(() -> delegate.enforceRebalance());
    }

    @Override
    public void enforceRebalance(String reason) {
        run(() -> delegate.enforceRebalance(reason));
    }

    @Override
    public void close() {
        run(() -> delegate.close());
    }

    @Override
    @SuppressWarnings("deprecation") // Streams may still call it.
    public void close(Duration timeout) {
        run(() -> delegate.close(timeout));
    }

    @Override
    public void close(CloseOptions options) {
        run(() -> delegate.close(options));
    }

    @Override
    public void wakeup() {
        delegate.wakeup();
    }
}
