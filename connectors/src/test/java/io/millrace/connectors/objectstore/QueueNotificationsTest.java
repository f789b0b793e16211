package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.contract.FakeWorker;
import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueEndpoint;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;
import io.millrace.connectors.queue.RepeatWindow;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class QueueNotificationsTest {
    private final FakeWorker worker = new FakeWorker();
    private final MemoryQueue queue = new MemoryQueue();
    private final QueueNotifications<Integer> notifications =
            new QueueNotifications<>(
                    queue,
                    RepeatWindow.load("q", 100, Duration.ofDays(1), worker, new ManualClock()));

    @Test
    void shouldAcknowledgeOnlyWhatIsSafe() throws InterruptedException {
        queue.hand("a", 1);
        queue.hand("b", 2);
        List<IncomingMessage> messages = notifications.receive(Duration.ZERO);
        notifications.receive(Duration.ZERO);
        List<Integer> early = List.copyOf(queue.acknowledged);

        messages.get(1).becomes(0);
        notifications.receive(Duration.ZERO);

        assertThat(early).isEmpty();
        assertThat(queue.acknowledged).containsExactly(2);
    }

    @Test
    void shouldAcknowledgeARepeatTogetherWithTheMessageThatIsUnderWay()
            throws InterruptedException {
        queue.hand("a", 1);
        IncomingMessage first = notifications.receive(Duration.ZERO).get(0);
        notifications.place(first, 0, true);
        first.becomes(1);
        queue.hand("a", 2);
        List<IncomingMessage> repeat = notifications.receive(Duration.ZERO);
        notifications.receive(Duration.ZERO);
        List<Integer> early = List.copyOf(queue.acknowledged);

        first.recordCommitted();
        notifications.receive(Duration.ZERO);

        assertThat(repeat).isEmpty();
        assertThat(early).isEmpty();
        assertThat(queue.acknowledged).containsExactly(1, 2);
    }

    @Test
    void shouldKnowAMessageThatWasToldOfAgain() throws InterruptedException {
        queue.hand("a", 1);
        IncomingMessage first = notifications.receive(Duration.ZERO).get(0);
        notifications.place(first, 0, true);
        first.becomes(0);
        notifications.receive(Duration.ZERO);
        queue.hand("a", 2);

        IncomingMessage again = notifications.receive(Duration.ZERO).get(0);

        assertThat(notifications.isRepeat(again)).isTrue();
    }

    @Test
    void shouldTellOutagesFromRefusalsAndConnectAgain() throws InterruptedException {
        queue.failure = Optional.of(QueueException.passing("down", new Exception()));
        assertThatThrownBy(() -> notifications.receive(Duration.ZERO))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isTransient()).isTrue());
        queue.failure =
                Optional.of(QueueException.lasting("no queue", "sqs.queues", new Exception()));
        assertThatThrownBy(() -> notifications.receive(Duration.ZERO))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.configKey()).hasValue("sqs.queues"));
        queue.failure = Optional.empty();
        queue.hand("a", 1);

        assertThat(notifications.receive(Duration.ZERO)).hasSize(1);
        assertThat(queue.opened).isEqualTo(3);
    }

    /** A queue in memory that hands out what it is told to. */
    private static final class MemoryQueue implements QueueEndpoint<Integer>, QueueClient<Integer> {
        private final List<ReceivedMessage<Integer>> waiting = new ArrayList<>();
        private final List<Integer> acknowledged = new ArrayList<>();
        private Optional<QueueException> failure = Optional.empty();
        private int opened;

        void hand(String id, int receipt) {
            waiting.add(
                    new ReceivedMessage<>(
                            Optional.of(id),
                            ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)),
                            Optional.empty(),
                            Map.of(),
                            Map.of(),
                            Map.of(),
                            Optional.empty(),
                            Optional.empty(),
                            1,
                            Optional.empty(),
                            receipt));
        }

        @Override
        public String queue() {
            return "q";
        }

        @Override
        public String uri() {
            return "memory:q";
        }

        @Override
        public QueueClient<Integer> open() {
            opened++;
            return this;
        }

        @Override
        public List<ReceivedMessage<Integer>> receive(int max, Duration wait) {
            if (failure.isPresent()) {
                throw failure.get();
            }
            List<ReceivedMessage<Integer>> messages = List.copyOf(waiting);
            waiting.clear();
            return messages;
        }

        @Override
        public int acknowledge(List<Integer> receipts) {
            acknowledged.addAll(receipts);
            return 0;
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
