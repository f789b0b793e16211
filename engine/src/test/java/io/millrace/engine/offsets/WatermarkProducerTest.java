package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.time.ManualTimeSource;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

final class WatermarkProducerTest {
    private static final TopicPartition P = new TopicPartition("orders", 0);
    private static final TopicPartition Q = new TopicPartition("orders", 1);
    private static final ConsumerGroupMetadata GROUP =
            new MockConsumer<>("earliest").groupMetadata();

    private final ManualTimeSource time = new ManualTimeSource();
    private final ThreadClients clients = new ThreadClients(time);
    private final FakeTask task = new FakeTask();
    private MockProducer<byte[], byte[]> delegate = mock();
    private WatermarkProducer producer = new WatermarkProducer(delegate, clients);

    @BeforeEach
    void begin() {
        producer.initTransactions();
        producer.beginTransaction();
    }

    @Test
    void shouldCommitMarkAndSetInsteadOfThePositionOfStreams() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 14);
        tracker.finish(11);
        tracker.finish(12);
        assertThat(commit(Map.of(P, presented(15))))
                .isEqualTo(
                        Map.of(
                                P,
                                // The leader epoch of Streams belongs to another record.
                                new OffsetAndMetadata(
                                        10,
                                        Optional.empty(),
                                        OffsetCodec.encode(
                                                "streams",
                                                FinishedSet.from(10).add(11, 13).build()))));
    }

    @Test
    void shouldCommitThePositionOfStreamsWhenNothingIsUnfinished() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 10);
        tracker.finish(10);
        assertThat(commit(Map.of(P, presented(13)))).isEqualTo(Map.of(P, plain(13, "streams")));
    }

    @Test
    void shouldRefuseToCommitAPartitionItKnowsNothingOf() {
        open(Q, FinishedSet.empty(0));
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(Map.of(P, presented(15)), GROUP))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'orders-0'");
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldLeaveARecordToStreamsWhenItHasBegunNoTransaction() {
        open(P, FinishedSet.empty(10));
        producer.commitTransaction();
        assertThat(clients.send(new ProducerRecord<>("results", new byte[1]))).isFalse();
    }

    @Test
    void shouldWriteItsOwnRecordsInTheTransactionOfStreams() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 10);
        var record = new ProducerRecord<>("results", new byte[1], new byte[2]);
        assertThat(clients.send(record)).isTrue();
        assertThat(delegate.history()).isEmpty();
        assertThat(commit(Map.of(P, presented(11)))).containsKey(P);
        assertThat(delegate.history()).containsExactly(record);
    }

    @Test
    void shouldNotCommitWhenARecordOfItsOwnWasNotWritten() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 10);
        delegate.sendException = new KafkaException("planned");
        assertThat(clients.send(new ProducerRecord<>("results", new byte[1]))).isTrue();
        delegate.sendException = null;
        assertThatThrownBy(() -> producer.sendOffsetsToTransaction(Map.of(P, presented(11)), GROUP))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("planned");
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldCommitNothingWhenNothingHappened() {
        admit(open(P, FinishedSet.empty(10)).tracker(), 10, 14);
        assertThat(commit(Map.of(P, presented(15)))).isEmpty();
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldCommitAPositionThatMovedOverMarkersAtMostEveryTenSeconds() {
        open(P, FinishedSet.empty(10));
        assertThat(commit(Map.of(P, presented(15)))).isEmpty();
        time.advance(Duration.ofSeconds(10));
        assertThat(commit(Map.of(P, presented(15)))).isEqualTo(Map.of(P, plain(15, "streams")));
        time.advance(Duration.ofSeconds(9));
        assertThat(commit(Map.of(P, presented(20)))).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(commit(Map.of(P, presented(20)))).isEqualTo(Map.of(P, plain(20, "streams")));
        time.advance(Duration.ofSeconds(30));
        assertThat(commit(Map.of(P, presented(20)))).as("unchanged").isEmpty();
    }

    @Test
    void shouldKeepTheRecoveredSetInEveryCommit() {
        FinishedSet recovered = FinishedSet.from(10).add(12, 20).add(30, 31).build();
        OffsetTracker tracker = open(P, recovered).tracker();
        tracker.admit(10);
        tracker.admit(11);
        tracker.finish(11);
        FinishedSet expected = FinishedSet.from(10).add(11, 20).add(30, 31).build();
        assertThat(commit(Map.of(P, presented(12))))
                .isEqualTo(Map.of(P, plain(10, OffsetCodec.encode("streams", expected))));
    }

    @Test
    void shouldAddAPartitionThatStreamsLeavesOut() {
        OffsetTracker left = open(P, FinishedSet.empty(10)).tracker();
        admit(left, 10, 11);
        left.finish(11);
        open(Q, FinishedSet.empty(5));
        Map<TopicPartition, OffsetAndMetadata> committed = commit(Map.of(Q, presented(5)));
        assertThat(committed)
                .isEqualTo(
                        Map.of(
                                P,
                                plain(
                                        10,
                                        OffsetCodec.encode(
                                                "", FinishedSet.from(10).add(11, 12).build()))));
        assertThat(left.finishedSinceCommit()).isZero();
    }

    @Test
    void shouldNotCommitRecordsWithoutAnOffsetSinceOnlyThatFencesAZombie() {
        open(P, FinishedSet.empty(10));
        clients.open(new PartitionEpoch(new PartitionId("orders", 1), FinishedSet.empty(5)));
        send();
        assertThatThrownBy(() -> commit(Map.of()))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("no offset");
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldNotCommitOutcomesOfAPartitionThatWasGivenUpBefore() {
        PartitionEpoch over = open(P, FinishedSet.empty(10));
        open(Q, FinishedSet.empty(5));
        admit(over.tracker(), 10, 10);
        send();
        over.tracker().finish(10);
        clients.deactivate(over);
        assertThatThrownBy(() -> commit(Map.of(Q, presented(5))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("'orders-0'");
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldNotCommitOutcomesOfAPartitionWhoseOffsetWasReadAnewSince() {
        OffsetTracker before = open(P, FinishedSet.empty(10)).tracker();
        admit(before, 10, 10);
        send();
        before.finish(10);
        open(P, FinishedSet.empty(10));
        assertThatThrownBy(() -> commit(Map.of(P, presented(10))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("'orders-0'");
    }

    @Test
    void shouldNotCommitAPartitionThatBelongsToAnother() {
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        consumer.assign(List.of(Q));
        clients.consumerCreated(consumer);
        OffsetTracker gone = open(P, FinishedSet.empty(10)).tracker();
        admit(gone, 10, 10);
        gone.finish(10);
        assertThatThrownBy(() -> commit(Map.of(P, presented(11))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("'orders-0' belongs to another member");
        assertThat(delegate.sentOffsets()).isFalse();
    }

    @Test
    void shouldGoOnWhenThePartitionGivenUpHadCommittedItsOutcomes() {
        PartitionEpoch over = open(P, FinishedSet.empty(10));
        open(Q, FinishedSet.empty(5));
        admit(over.tracker(), 10, 10);
        send();
        over.tracker().finish(10);
        commit(Map.of(P, presented(11)));
        clients.deactivate(over);
        send();
        assertThat(commit(Map.of(Q, presented(5)))).containsOnlyKeys(Q);
    }

    @Test
    void shouldCommitPresentedPartitionsWithEveryRecordThatIsSent() {
        open(P, FinishedSet.empty(10));
        send();
        assertThat(commit(Map.of(P, presented(10)))).isEqualTo(Map.of(P, plain(10, "streams")));
        assertThat(commit(Map.of(P, presented(10)))).as("nothing sent since").isEmpty();
    }

    @Test
    void shouldSendWhatIsAttachedInsideTheTransactionBeforeTheOffsets() {
        var calls = new ArrayList<String>();
        delegate = recording(calls);
        producer = new WatermarkProducer(delegate, clients);
        begin();
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 10);
        tracker.finish(10);
        task.attached.add(new ProducerRecord<>("metering", new byte[] {1}));
        task.attached.add(new ProducerRecord<>("metering", new byte[] {2}));
        commit(Map.of(P, presented(11)));
        assertThat(calls).containsExactly("send metering", "send metering", "offsets", "commit");
        assertThat(task.attached).isEmpty();
    }

    @Test
    void shouldResetItsCountersOnlyWhenTheTransactionIsCommitted() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        admit(tracker, 10, 10);
        tracker.finish(10);
        delegate.commitTransactionException = new TimeoutException("no answer");
        assertThatThrownBy(() -> commit(Map.of(P, presented(11))))
                .isInstanceOf(TimeoutException.class);
        assertThat(tracker.finishedSinceCommit()).isEqualTo(1);
        assertThat(clients.commits()).isZero();
        delegate.commitTransactionException = null;
        producer.commitTransaction();
        assertThat(tracker.finishedSinceCommit()).isZero();
        assertThat(clients.commits()).isEqualTo(1);
    }

    @Test
    void shouldPoisonWhenATransactionWithOutcomesIsAborted() {
        OffsetTracker dirty = open(P, FinishedSet.empty(10)).tracker();
        open(Q, FinishedSet.empty(0));
        admit(dirty, 10, 10);
        dirty.finish(10);
        producer.abortTransaction();
        producer.beginTransaction();
        assertThatThrownBy(() -> commit(Map.of(Q, presented(0))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("'orders-0'");
    }

    @Test
    void shouldGoOnAfterAnAbortWithoutOutcomes() {
        open(P, FinishedSet.empty(10));
        send();
        producer.abortTransaction();
        producer.beginTransaction();
        assertThat(commit(Map.of(P, presented(10)))).as("the send was rolled back").isEmpty();
    }

    @Test
    void shouldNotPoisonForAnEpochThatIsOver() {
        PartitionEpoch over = open(P, FinishedSet.empty(10));
        admit(over.tracker(), 10, 10);
        over.tracker().finish(10);
        clients.deactivate(over);
        producer.abortTransaction();
        producer.beginTransaction();
        assertThatCode(() -> commit(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseTheCommitWhenPoisonedAndStartCleanWithANewProducer() {
        OffsetTracker tracker = open(P, FinishedSet.empty(10)).tracker();
        task.attached.add(new ProducerRecord<>("metering", new byte[0]));
        clients.poison("half an outcome");
        assertThatThrownBy(() -> commit(Map.of(P, presented(10))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("half an outcome");
        assertThat(delegate.uncommittedRecords()).isEmpty();
        assertThat(task.attached).as("not drained").hasSize(1);

        delegate = mock();
        producer = new WatermarkProducer(delegate, clients);
        begin();
        admit(tracker, 10, 10);
        tracker.finish(10);
        assertThat(commit(Map.of(P, presented(11)))).containsKey(P);
    }

    @Test
    void shouldPoisonRatherThanCommitMetadataThatDoesNotFit() {
        var huge = FinishedSet.from(0);
        for (int i = 1; i < 3_000; i++) {
            huge.add(i * 1_000L, i * 1_000L + 300);
        }
        OffsetTracker tracker = open(P, huge.build()).tracker();
        tracker.admit(0);
        tracker.admit(1);
        tracker.finish(1);
        assertThatThrownBy(() -> commit(Map.of(P, presented(2))))
                .isInstanceOf(ProducerFencedException.class)
                .hasMessageContaining("'orders-0'");
        assertThat(clients.poisoned()).isNotNull();
        assertThat(delegate.sentOffsets()).isFalse();
    }

    private PartitionEpoch open(TopicPartition partition, FinishedSet recovered) {
        var id = new PartitionId(partition.topic(), partition.partition());
        clients.open(new PartitionEpoch(id, recovered));
        return clients.activate(id, partition.equals(P) ? task : new FakeTask());
    }

    private static void admit(OffsetTracker tracker, int from, int to) {
        for (int offset = from; offset <= to; offset++) {
            tracker.admit(offset);
        }
    }

    private void send() {
        var _ = producer.send(new ProducerRecord<>("results", new byte[0]));
    }

    private Map<TopicPartition, OffsetAndMetadata> commit(
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        int before = delegate.consumerGroupOffsetsHistory().size();
        producer.sendOffsetsToTransaction(offsets, GROUP);
        producer.commitTransaction();
        producer.beginTransaction();
        List<Map<String, Map<TopicPartition, OffsetAndMetadata>>> history =
                delegate.consumerGroupOffsetsHistory();
        return history.size() == before
                ? Map.of()
                : history.getLast().getOrDefault(GROUP.groupId(), Map.of());
    }

    private static OffsetAndMetadata presented(long offset) {
        return new OffsetAndMetadata(offset, Optional.of(9), "streams");
    }

    private static OffsetAndMetadata plain(long offset, String metadata) {
        return new OffsetAndMetadata(offset, Optional.empty(), metadata);
    }

    private static MockProducer<byte[], byte[]> mock() {
        return recording(new ArrayList<>());
    }

    private static MockProducer<byte[], byte[]> recording(List<String> calls) {
        return new MockProducer<>(
                true,
                new RoundRobinPartitioner(),
                new ByteArraySerializer(),
                new ByteArraySerializer()) {
            @Override
            public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
                calls.add("send " + record.topic());
                return super.send(record);
            }

            @Override
            public void sendOffsetsToTransaction(
                    Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
                calls.add("offsets");
                super.sendOffsetsToTransaction(offsets, group);
            }

            @Override
            public void commitTransaction() {
                calls.add("commit");
                super.commitTransaction();
            }
        };
    }
}
