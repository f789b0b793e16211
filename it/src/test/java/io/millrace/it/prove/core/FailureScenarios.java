package io.millrace.it.prove.core;

import static io.millrace.it.harness.TestCluster.event;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.it.prove.Check;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** The failure policy, event by event and batch by batch. */
public final class FailureScenarios implements Scenario {
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST = Duration.ofMillis(80);
    private static final Duration GREATEST = Duration.ofMillis(200);
    private static final Duration GATHER = Duration.ofMillis(1_500);

    private final Draft retried =
            Draft.of("retried", 3)
                    .with(RetryPolicy.of(ATTEMPTS, FIRST, GREATEST))
                    .with(Duration.ofMillis(700))
                    .withNotices();
    private final Draft aged =
            batched("aged", 6).with(retry(3).withMaxAge(Duration.ofSeconds(60))).withNotices();
    private final Draft halved = batched("halved", 100).with(retry(1).withBisect());
    private final Draft stream =
            batched("stream", 3).with(retry(4)).with(Functions.ANSWER, "STREAM").withNotices();
    private final Draft checkpoint =
            batched("checkpoint", 5).with(retry(4)).with(Functions.ANSWER, "STREAM");
    private final Draft kafka = items("kafka", LanePolicy.BY_PARTITION, "KAFKA");
    private final Draft queue = items("queue", LanePolicy.UNORDERED, "QUEUE");

    private static RetryPolicy retry(int attempts) {
        return RetryPolicy.of(attempts, Duration.ofMillis(20), Duration.ofMillis(50));
    }

    private static Draft batched(String id, int size) {
        return Draft.of(id, 1)
                .with(LanePolicy.BY_PARTITION)
                .with(BatchPolicy.of(size).withWindow(GATHER));
    }

    private static Draft items(String id, LanePolicy lanes, String form) {
        return Draft.of(id, 1)
                .with(lanes)
                .with(BatchPolicy.of(5).withWindow(GATHER).withAnswer(PartialAnswer.ITEMS))
                .with(retry(3))
                .with(Functions.ANSWER, form);
    }

    @Override
    public void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException {
        bed.deploy(List.of(retried, aged, halved, stream, checkpoint, kafka, queue));
        bed.cluster().send(retriedEvents());
        bed.cluster().send(agedEvents(bed.time().now().toEpochMilli()));
        bed.send(
                halved.topic(),
                0,
                "k",
                IntStream.range(0, 100).mapToObj(i -> (i == 37 ? "poison:" : "ok:") + i).toList());
        bed.send(
                stream.topic(),
                0,
                "k",
                List.of("ok:1", "ok:2", "ok:3", "ok:4", "ok:5", "report:6"));
        bed.send(checkpoint.topic(), 0, "k", List.of("ok:1", "ok:2", "once:3", "ok:4", "ok:5"));
        for (Draft each : List.of(kafka, queue)) {
            bed.send(each.topic(), 0, "k", List.of("ok:1", "once:2", "ok:3", "report:4", "ok:5"));
        }
    }

    private List<ProducerRecord<byte[], byte[]>> retriedEvents() {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        for (String value :
                List.of(
                        "ok:1",
                        "fail:1",
                        "fail:2",
                        "fail:3",
                        "poison:1",
                        "never:1",
                        "big:12000000",
                        "hang:1",
                        "fail:9")) {
            ProducerRecord<byte[], byte[]> one = event(retried.topic(), "key " + value, value);
            one.headers().add("twice", bytes("a")).add("twice", bytes("b"));
            one.headers().add("none", null).add("raw", new byte[] {0, (byte) 0xff, (byte) 0x80});
            events.add(
                    new ProducerRecord<>(
                            one.topic(),
                            null,
                            1_700_000_000_123L + events.size(),
                            one.key(),
                            one.value(),
                            one.headers()));
        }
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<ProducerRecord<byte[], byte[]>> agedEvents(long now) {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(
                    new ProducerRecord<>(
                            aged.topic(),
                            0,
                            i == 0 ? now - 80_000 : now,
                            bytes("k"),
                            bytes("ok:" + i)));
        }
        return events;
    }

    @Override
    public List<Check> judge(Bed bed) {
        List<Check> checks = new ArrayList<>();
        bed.awaitDecided(retried, 9);
        bed.awaitMarks(retried);
        Seen seen = bed.look(retried);
        checks.add(FailureChecks.oneEndEach(seen));
        checks.add(FailureChecks.attemptsCounted(seen, ATTEMPTS));
        checks.add(FailureChecks.backOffGrows(seen, FIRST, GREATEST, Duration.ofMillis(500)));
        checks.add(FailureChecks.lettersAreOriginal(seen));
        checks.add(FailureChecks.reasonsAreWhole(seen, retried.id(), ATTEMPTS));
        checks.add(FailureChecks.noticesAreResults(seen));
        checks.add(FailureChecks.failureRecords(seen, retried.id(), "Unhandled"));
        checks.add(FailureChecks.offsetsFinished("after all attempts", seen));
        bed.awaitDecided(aged, 6);
        checks.addAll(BatchChecks.aged(bed.look(aged), aged.id()));
        bed.awaitDecided(halved, 100);
        checks.addAll(BatchChecks.halved(bed.look(halved)));
        bed.awaitDecided(stream, 1);
        bed.awaitMarks(stream);
        checks.addAll(
                BatchChecks.partial("stream", bed.look(stream), List.of(1, 1, 1, 1, 1, 5), 4));
        checks.add(
                FailureChecks.failureRecords(bed.look(stream), stream.id(), "null")
                        .during("reported by the handler"));
        bed.awaitMarks(checkpoint);
        checks.addAll(
                BatchChecks.partial("checkpoint", bed.look(checkpoint), List.of(1, 1, 2, 2, 2), 0));
        for (Draft each : List.of(kafka, queue)) {
            bed.awaitDecided(each, 1);
            bed.awaitMarks(each);
            checks.addAll(
                    BatchChecks.partial(each.id(), bed.look(each), List.of(1, 2, 1, 3, 1), 3));
        }
        return checks;
    }
}
