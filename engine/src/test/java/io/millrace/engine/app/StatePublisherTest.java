package io.millrace.engine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.model.TriggerId;
import io.millrace.engine.time.ManualTimeSource;
import io.millrace.schemas.TriggerStatus;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

final class StatePublisherTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final TriggerId ID = new TriggerId("orders");
    private static final TriggerState STARTING =
            new TriggerState(ID, TriggerState.Phase.STARTING, "its topics are being checked");
    private static final TriggerState RUNNING =
            new TriggerState(ID, TriggerState.Phase.RUNNING, "");

    private final ManualTimeSource time = new ManualTimeSource();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final StatePublisher publisher =
            new StatePublisher(
                    producer,
                    new StatePublisher.Destination("states", "node-1", (_, status) -> text(status)),
                    HEARTBEAT,
                    time);
    private final StateBoard board = new StateBoard(publisher, time);

    @BeforeEach
    void start() {
        publisher.start(board::statuses);
    }

    @AfterEach
    void stop() {
        publisher.close();
    }

    @Test
    void shouldTellEveryChangeAndRepeatItAtTheHeartbeatOnly() {
        board.put(RUNNING);
        awaitSent("RUNNING ");
        board.put(RUNNING);
        board.put(STARTING);
        awaitSent("RUNNING ", "STARTING its topics are being checked");

        time.advance(HEARTBEAT);

        awaitSent(
                "RUNNING ",
                "STARTING its topics are being checked",
                "STARTING its topics are being checked");
    }

    @Test
    void shouldTakeBackWhatItSaidOfATriggerThatIsGone() {
        board.put(RUNNING);
        awaitSent("RUNNING ");

        board.retain(Set.of());

        awaitSent("RUNNING ", "-");
    }

    @Test
    void shouldTakeBackEverythingWhenTheNodeStops() {
        board.put(RUNNING);
        awaitSent("RUNNING ");

        publisher.close();

        assertThat(sent()).containsExactly("RUNNING ", "-");
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void shouldKeepSayingSinceWhenThePhaseLasts() {
        board.put(STARTING);
        time.advance(Duration.ofSeconds(5));
        board.put(new TriggerState(ID, TriggerState.Phase.STARTING, "it joins its group"));

        assertThat(board.statuses().values())
                .singleElement()
                .satisfies(
                        status -> assertThat(status.since()).isEqualTo(time.now().minusSeconds(5)));
    }

    private void awaitSent(String... values) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sent()).containsExactly(values));
    }

    private List<String> sent() {
        return producer.history().stream()
                .peek(record -> assertThat(text(record.key())).isEqualTo("orders@node-1"))
                .map(StatePublisherTest::value)
                .toList();
    }

    private static String value(ProducerRecord<byte[], byte[]> record) {
        return record.value() == null ? "-" : text(record.value());
    }

    private static byte[] text(TriggerStatus status) {
        return (status.getPhase() + " " + status.getReason()).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
