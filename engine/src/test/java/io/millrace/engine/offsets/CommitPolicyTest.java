package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.time.ManualTimeSource;

import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

final class CommitPolicyTest {
    private static final PartitionId P = new PartitionId("orders", 0);
    private static final PartitionId Q = new PartitionId("orders", 1);

    private final ThreadClients clients =
            new ThreadClients(new ManualTimeSource(), CommitPolicy.BARRIER);

    @Test
    void shouldRefuseAPolicyThatDoesNotExist() {
        assertThatThrownBy(() -> CommitPolicy.of(Map.of(CommitPolicy.KEY, "hope")))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'hope'")
                .hasMessageContaining("pending-store");
        assertThat(CommitPolicy.of(Map.of())).isEqualTo(CommitPolicy.WATERMARK);
    }

    @Test
    void shouldNotHoldUpTheProductsOwnCommits() {
        var usual = new ThreadClients(new ManualTimeSource());
        var epoch = new PartitionEpoch(P, FinishedSet.empty(0));
        usual.open(epoch);
        epoch.tracker().admit(0);

        usual.prepareCommit();

        assertThat(usual.isBarrierUp()).isFalse();
        assertThat(usual.isDrained()).isTrue();
    }

    @Test
    void shouldHoldUpACommitUntilEverythingBeforeItHasEnded() {
        PartitionEpoch first = open(P);
        PartitionEpoch second = open(Q);
        admit(first, 0, 1);
        admit(second, 0);
        clients.prepareCommit();
        admit(first, 2);

        assertThat(clients.isDrained()).isFalse();
        first.tracker().finish(1);
        first.tracker().finish(0);
        assertThat(clients.isDrained()).isFalse();
        second.tracker().finish(0);

        // What came later is held back, so it is not waited for, and the set is empty.
        assertThat(clients.isDrained()).isTrue();
        assertThat(first.limit().get()).isEqualTo(1);
        assertThat(first.toCommit(3)).isEqualTo(FinishedSet.empty(2));
    }

    @Test
    void shouldGoOnAfterTheCommit() {
        PartitionEpoch epoch = open(P);
        admit(epoch, 0);
        clients.prepareCommit();
        epoch.tracker().finish(0);
        admit(epoch, 1);
        assertThat(epoch.limit().raise(epoch.tracker())).isFalse();

        clients.commitEnded();

        assertThat(clients.isBarrierUp()).isFalse();
        assertThat(epoch.limit().raise(epoch.tracker())).isTrue();
        assertThat(epoch.limit().get()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldApplyWhatIsInFlightBeforePartitionsAreGivenUp() {
        PartitionEpoch epoch = open(P);
        admit(epoch, 0, 1);
        List<String> told = new ArrayList<>();
        var delegate =
                new MockProducer<>(
                        true, null, new ByteArraySerializer(), new ByteArraySerializer());
        var producer = new WatermarkProducer(delegate, clients);
        producer.initTransactions();
        var task = new EndingTask(epoch);
        var _ = clients.activate(P, task);

        new CommitBarrierListener(listener(told), clients)
                .onPartitionsRevoked(List.of(new TopicPartition("orders", 0)));

        assertThat(told).containsExactly("revoked, unfinished 0");
        // Streams begins its transaction only when it commits: by then this one is open.
        assertThat(delegate.transactionInFlight()).isTrue();
        producer.beginTransaction();
        producer.commitTransaction();
        assertThat(delegate.history()).hasSize(2);
    }

    @Test
    void shouldCommitThePositionAtOnceWithAStoreOfWhatIsPending() {
        var epoch = new PartitionEpoch(P, FinishedSet.empty(10), CommitPolicy.PENDING_STORE);
        admit(epoch, 10, 11, 14);
        epoch.tracker().finish(11);

        assertThat(epoch.toCommit(15)).isEqualTo(FinishedSet.empty(15));
        assertThat(epoch.toCommit(12)).isEqualTo(FinishedSet.empty(15));
        assertThat(epoch.limit().get()).isEqualTo(Long.MAX_VALUE);
    }

    private ConsumerRebalanceListener listener(List<String> told) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                int unfinished =
                        clients.epochs().stream().mapToInt(e -> e.tracker().unfinished()).sum();
                told.add("revoked, unfinished " + unfinished);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        };
    }

    private PartitionEpoch open(PartitionId partition) {
        var epoch = new PartitionEpoch(partition, FinishedSet.empty(0), clients.policy());
        clients.open(epoch);
        return epoch;
    }

    private static void admit(PartitionEpoch epoch, long... offsets) {
        for (long offset : offsets) {
            epoch.tracker().admit(offset);
        }
    }

    /** Each time it is asked, one more event has its outcome. */
    private final class EndingTask implements ThreadClients.Task {
        private final PartitionEpoch epoch;

        private EndingTask(PartitionEpoch epoch) {
            this.epoch = epoch;
        }

        @Override
        public void applyWaiting() {
            assertThat(clients.send(new ProducerRecord<>("results", new byte[1]))).isTrue();
            epoch.tracker().finish(epoch.tracker().mark());
        }

        @Override
        public boolean hasReports() {
            return false;
        }

        @Override
        public long nextDue() {
            return Long.MAX_VALUE;
        }

        @Override
        public CommitAttachment attachment() {
            return List::of;
        }
    }
}
