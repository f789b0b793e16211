package io.millrace.connectors.queue;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A queue that hands out what is not acknowledged again when its connection is new. */
final class FakeQueue implements QueueEndpoint<Integer> {
    private final Map<Integer, ReceivedMessage<Integer>> messages = new LinkedHashMap<>();
    private final List<Integer> acknowledged = new ArrayList<>();
    private int next;
    private int connections;
    private Optional<QueueException> failure = Optional.empty();

    /** The settings of a connector of this queue. */
    static QueueSettings settings(Map<String, String> more) {
        ConfigDef keys = new ConfigDef();
        QueueSettings.define(keys);
        Map<String, String> config = new HashMap<>(Map.of("topic", "events"));
        config.putAll(more);
        return QueueSettings.of(new AbstractConfig(keys, config, false), config);
    }

    int send(String id, String body) {
        return send(Optional.of(id), body, Optional.empty(), Optional.empty());
    }

    int send(Optional<String> id, String body, Optional<String> group, Optional<String> fault) {
        int receipt = next++;
        messages.put(
                receipt,
                new ReceivedMessage<>(
                        id,
                        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                        Optional.of("text/plain"),
                        Map.of("colour", "red", "SenderId", "me"),
                        Map.of("colour", "String"),
                        Map.of("colour", "red", "ce_id", "forged", "millrace-attempt", "9"),
                        group,
                        Optional.empty(),
                        1,
                        fault,
                        receipt));
        return receipt;
    }

    /** Every further call fails with this. */
    void fail(QueueException with) {
        failure = Optional.of(with);
    }

    void heal() {
        failure = Optional.empty();
    }

    List<Integer> acknowledged() {
        return acknowledged;
    }

    int connections() {
        return connections;
    }

    @Override
    public String queue() {
        return "orders";
    }

    @Override
    public String uri() {
        return "fake://server/orders";
    }

    @Override
    public QueueClient<Integer> open() {
        check();
        connections++;
        return new Client(new ArrayList<>(messages.values()));
    }

    private void check() {
        failure.ifPresent(problem -> {
            throw problem;
        });
    }

    private final class Client implements QueueClient<Integer> {
        private final List<ReceivedMessage<Integer>> waiting;

        Client(List<ReceivedMessage<Integer>> waiting) {
            this.waiting = waiting;
        }

        @Override
        public List<ReceivedMessage<Integer>> receive(int max, Duration wait) {
            check();
            List<ReceivedMessage<Integer>> received =
                    new ArrayList<>(waiting.subList(0, Math.min(max, waiting.size())));
            waiting.subList(0, received.size()).clear();
            return received;
        }

        @Override
        public int acknowledge(List<Integer> receipts) {
            check();
            acknowledged.addAll(receipts);
            receipts.forEach(messages::remove);
            return 0;
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public void close() {
            waiting.clear();
        }
    }
}
