package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.time.ManualTimeSource;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

final class WatermarkConsumerTest {
    private static final TopicPartition P = new TopicPartition("orders", 0);
    private static final TopicPartition Q = new TopicPartition("orders", 1);
    private static final PartitionId ID = new PartitionId("orders", 0);
    private static final FinishedSet SET = FinishedSet.from(100).add(105, 110).build();

    private final ManualTimeSource time = new ManualTimeSource();
    private final ThreadClients clients = new ThreadClients(time);
    private final List<String> lost = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();
    private final MockConsumer<byte[], byte[]> delegate =
            new MockConsumer<>("earliest") {
                @Override
                public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    timeouts.add(timeout);
                    return super.poll(timeout);
                }
            };
    private final WatermarkConsumer consumer =
            new WatermarkConsumer(
                    delegate,
                    clients,
                    (partition, from, to) -> lost.add(partition + " " + from + " " + to));

    @BeforeEach
    void assign() {
        clients.consumerCreated(delegate);
        delegate.assign(List.of(P, Q));
        delegate.updateBeginningOffsets(Map.of(P, 0L, Q, 0L));
    }

    @Test
    void shouldOpenAnEpochAndKeepTheSetFromStreams() {
        commit(OffsetCodec.encode("streams", SET));
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(P));
        assertThat(committed)
                .isEqualTo(Map.of(P, new OffsetAndMetadata(100, Optional.of(4), "streams")));
        PartitionEpoch epoch = clients.activate(ID, new FakeTask());
        assertThat(epoch.tracker().isSettled(107)).isTrue();
        assertThat(epoch.tracker().isSettled(100)).isFalse();
    }

    @Test
    void shouldOpenAnEpochAlsoWhereATimeoutIsGiven() {
        commit("");
        consumer.committed(Set.of(P), Duration.ofSeconds(1));
        assertThat(clients.activate(ID, new FakeTask()).isClosed()).isFalse();
    }

    @Test
    void shouldRefuseToStartWhenTheSetCannotBeRead() {
        commit("streams|9rAAAAAAAAAA");
        assertThatThrownBy(() -> consumer.committed(Set.of(P)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'orders-0'");
    }

    @Test
    void shouldRefuseATaskWhosePartitionHasNoCommittedOffset() {
        consumer.committed(Set.of(P));
        assertThatThrownBy(() -> clients.activate(ID, new FakeTask()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'orders-0' has no epoch");
    }

    @Test
    void shouldCommitTheMarkAndTheSetWhereThereAreNoTransactions() {
        PartitionEpoch epoch = opened();
        epoch.tracker().admit(100);
        epoch.tracker().admit(101);
        epoch.tracker().finish(101);

        consumer.commitSync(Map.of(P, new OffsetAndMetadata(102, "streams")));

        OffsetAndMetadata committed = Objects.requireNonNull(delegate.committed(Set.of(P)).get(P));
        assertThat(committed.offset()).isEqualTo(100);
        assertThat(OffsetCodec.decode(ID, 100, committed.metadata()).contains(101)).isTrue();
        assertThat(clients.commits()).isEqualTo(1);
    }

    @Test
    void shouldRebuildItsTasksInsteadOfCommittingAPartitionThatBelongsToAnother() {
        PartitionEpoch epoch = opened();
        epoch.tracker().admit(100);
        epoch.tracker().finish(100);
        delegate.assign(List.of(Q));

        assertThatThrownBy(() -> consumer.commitSync(Map.of(P, new OffsetAndMetadata(101))))
                .isInstanceOf(CommitFailedException.class)
                .hasMessageContaining("'orders-0' belongs to another member");
        assertThat(clients.commits()).isZero();
    }

    @Test
    void shouldRebuildItsTasksInsteadOfCommittingHalfAnOutcome() {
        opened().tracker().admit(100);
        clients.poison("an outcome was applied in part");
        Map<TopicPartition, OffsetAndMetadata> presented = Map.of(P, new OffsetAndMetadata(101));

        assertThatThrownBy(() -> consumer.commitSync(presented))
                .isInstanceOf(CommitFailedException.class)
                .hasMessageContaining("in part");
        assertThat(clients.poisoned()).isNull();
        assertThat(delegate.committed(Set.of(P)).get(P)).extracting("offset").isEqualTo(100L);
    }

    private PartitionEpoch opened() {
        delegate.commitSync(Map.of(P, new OffsetAndMetadata(100, "")));
        consumer.committed(Set.of(P));
        return clients.activate(ID, new FakeTask());
    }

    @Test
    void shouldOpenANewEpochWithEveryCall() {
        commit("");
        consumer.committed(Set.of(P));
        var task = new FakeTask();
        PartitionEpoch first = clients.activate(ID, task);
        task.hasReports = true;
        consumer.committed(Set.of(P));
        assertThat(first.isClosed()).isTrue();
        // What the former task still holds must not be committed, nor keep the thread busy.
        assertThat(clients.attachments()).isEmpty();
        assertThat(clients.pollTimeout(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));
        PartitionEpoch second = clients.activate(ID, new FakeTask());
        clients.deactivate(first);
        assertThat(clients.epoch(ID)).isSameAs(second);
        assertThat(clients.attachments()).hasSize(1);
    }

    @Test
    void shouldSleepLongerThanStreamsAsksWhenThereIsNothingToDo() {
        delegate.assign(List.of(P));
        PartitionEpoch epoch = opened();
        var asked = Duration.ofMillis(100);
        var quiet = Duration.ofMillis(500);
        assertThat(clients.pollTimeout(asked)).isEqualTo(quiet);
        assertThat(clients.pollTimeout(Duration.ofMillis(50)))
                .as("Streams waits for something")
                .isEqualTo(Duration.ofMillis(50));
        epoch.tracker().admit(100);
        assertThat(clients.pollTimeout(asked)).as("an event is unfinished").isEqualTo(asked);
        epoch.tracker().finish(100);
        assertThat(clients.pollTimeout(asked)).isEqualTo(quiet);
        delegate.assign(List.of(P, Q));
        assertThat(clients.pollTimeout(asked)).as("a task is to come").isEqualTo(asked);
        delegate.assign(List.of(P));
        clients.ending();
        assertThat(clients.pollTimeout(asked)).as("the application ends").isEqualTo(asked);
    }

    @Test
    void shouldRefuseATaskWhoseEpochIsOver() {
        commit("");
        consumer.committed(Set.of(P));
        clients.deactivate(clients.activate(ID, new FakeTask()));
        assertThatThrownBy(() -> clients.activate(ID, new FakeTask()))
                .isInstanceOf(MillraceException.class);
    }

    @Test
    void shouldKeepPartitionsPausedThatEitherSideHasPaused() {
        int steps = 5;
        int orders = 1 << (2 * steps);
        for (int order = 0; order < orders; order++) {
            clients.unblock(ID);
            consumer.resume(List.of(P));
            consumer.poll(Duration.ZERO);
            boolean streams = false;
            boolean blocked = false;
            var played = new StringBuilder();
            for (int step = 0; step < steps; step++) {
                switch ((order >> (2 * step)) & 3) {
                    case 0 -> {
                        consumer.pause(List.of(P));
                        streams = true;
                    }
                    case 1 -> {
                        consumer.resume(List.of(P));
                        streams = false;
                    }
                    case 2 -> {
                        clients.block(ID);
                        blocked = true;
                    }
                    default -> {
                        clients.unblock(ID);
                        blocked = false;
                    }
                }
                played.append(" psbu".charAt(1 + ((order >> (2 * step)) & 3)));
                if ((order + step) % 2 == 0 || step == steps - 1) {
                    consumer.poll(Duration.ZERO);
                    assertThat(delegate.paused().contains(P))
                            .as("after %s", played)
                            .isEqualTo(streams || blocked);
                }
                // Between polls too: what Streams paused is paused at once.
                assertThat(delegate.paused().contains(P) || !streams).as("%s", played).isTrue();
            }
            assertThat(delegate.paused()).doesNotContain(Q);
        }
    }

    @Test
    void shouldNotLetStreamsResumeWhatIsBlockedEvenBetweenPolls() {
        clients.block(ID);
        consumer.poll(Duration.ZERO);
        consumer.resume(List.of(P, Q));
        assertThat(delegate.paused()).containsExactly(P);
    }

    @Test
    void shouldForgetABlockOfAPartitionThatWasTakenAway() {
        clients.block(ID);
        consumer.poll(Duration.ZERO);
        delegate.assign(List.of(Q));
        consumer.poll(Duration.ZERO);
        delegate.assign(List.of(P, Q));
        consumer.poll(Duration.ZERO);
        assertThat(delegate.paused()).isEmpty();
    }

    @Test
    void shouldGiveNothingAndLoseNothingWhenWokenInAPoll() {
        delegate.addRecord(new ConsumerRecord<>("orders", 0, 0, new byte[0], new byte[0]));
        delegate.schedulePollTask(clients::wake);
        assertThat(consumer.poll(Duration.ofSeconds(5))).isEmpty();
        assertThat(consumer.poll(Duration.ofSeconds(5))).hasSize(1);
        assertThat(consumer.absorbedWakeups()).isZero();
    }

    @Test
    void shouldNotWakeOutsideAPoll() {
        clients.wake();
        delegate.addRecord(new ConsumerRecord<>("orders", 0, 0, new byte[0], new byte[0]));
        assertThat(consumer.poll(Duration.ZERO)).hasSize(1);
    }

    @Test
    void shouldNotSleepInAPollWhileAReportWaits() {
        commit("");
        consumer.committed(Set.of(P));
        var task = new FakeTask();
        clients.activate(ID, task);
        consumer.poll(Duration.ofMillis(100));
        task.nextDue = time.nanos() + Duration.ofMillis(7).toNanos();
        consumer.poll(Duration.ofMillis(100));
        time.advance(Duration.ofMillis(9));
        consumer.poll(Duration.ofMillis(100));
        task.nextDue = Long.MAX_VALUE;
        task.hasReports = true;
        consumer.poll(Duration.ofMillis(100));
        assertThat(timeouts)
                .containsExactly(
                        Duration.ofMillis(100), Duration.ofMillis(7), Duration.ZERO, Duration.ZERO);
    }

    @Test
    void shouldTellALostRangeAndGoOnAtTheBeginning() {
        start(100, "");
        outOfRange(100);

        assertThat(consumer.poll(Duration.ZERO)).isEmpty();

        assertThat(lost).containsExactly("orders-0 100 130");
        assertThat(delegate.position(P)).isEqualTo(130);
    }

    @Test
    void shouldTellOnlyWhatWasNeitherSeenNorFinished() {
        start(100, OffsetCodec.encode("streams", FinishedSet.from(100).add(101, 120).build()));
        PartitionEpoch epoch = clients.activate(ID, new FakeTask());
        epoch.tracker().admit(100);
        outOfRange(101);

        consumer.poll(Duration.ZERO);

        assertThat(lost).containsExactly("orders-0 120 130");
        // What is in flight comes to its end, and what Streams has buffered is not lost.
        assertThat(epoch.tracker().isSettled(121)).isFalse();
    }

    @Test
    void shouldTellNothingWhenAllThatIsGoneWasFinished() {
        start(100, OffsetCodec.encode("streams", FinishedSet.from(100).add(101, 130).build()));
        PartitionEpoch epoch = clients.activate(ID, new FakeTask());
        epoch.tracker().admit(100);
        outOfRange(101);

        consumer.poll(Duration.ZERO);

        assertThat(lost).isEmpty();
        assertThat(delegate.position(P)).isEqualTo(130);
    }

    @Test
    void shouldRefuseToGoOnWhenTheTopicEndsBelowThePosition() {
        start(100, "");
        delegate.updateEndOffsets(Map.of(P, 10L, Q, 0L));
        delegate.setPollException(new OffsetOutOfRangeException(Map.of(P, 100L)));

        assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'orders-0' ends at offset 10 but was read up to 100");
        assertThat(lost).isEmpty();
    }

    private void outOfRange(long position) {
        delegate.updateBeginningOffsets(Map.of(P, 130L, Q, 0L));
        delegate.updateEndOffsets(Map.of(P, 200L, Q, 0L));
        delegate.setPollException(new OffsetOutOfRangeException(Map.of(P, position)));
    }

    private void start(long offset, String metadata) {
        delegate.commitSync(Map.of(P, new OffsetAndMetadata(offset, Optional.of(4), metadata)));
        consumer.committed(Set.of(P));
    }

    private void commit(String metadata) {
        delegate.commitSync(Map.of(P, new OffsetAndMetadata(100, Optional.of(4), metadata)));
    }
}
