package io.millrace.it;

import static io.millrace.it.harness.TestCluster.event;
import static io.millrace.it.harness.TestCluster.header;
import static io.millrace.it.harness.TestCluster.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.cli.Millrace;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.operations.Progress;
import io.millrace.engine.operations.RedriveFilter;
import io.millrace.engine.operations.RedriveReport;
import io.millrace.engine.operations.RedriveRequest;
import io.millrace.engine.operations.SeekPlan;
import io.millrace.engine.operations.SeekTarget;
import io.millrace.engine.operations.SkipPlan;
import io.millrace.engine.operations.TriggerOperations;
import io.millrace.engine.operations.TriggerReport;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.it.harness.PickyFunction;
import io.millrace.it.harness.TestCluster;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a person does to a live trigger, on a real broker. */
final class TriggerOperationsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path folder;
    private static TestCluster cluster;
    private static Engine engine;
    private static Admin admin;
    private static SchemaRegistryClient schemas;
    private static TriggerOperations operations;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder);
        jar = PickyFunction.jar(folder);
        engine = cluster.startEngine("node-1");
        admin = cluster.cluster().admin("test-admin");
        schemas = cluster.cluster().schemaRegistry(cluster.registryUrl());
        operations =
                new TriggerOperations(
                        cluster.cluster(), TestCluster.NAMES, schemas, new SystemTimeSource());
    }

    @AfterAll
    static void stop() {
        operations.close();
        schemas.close();
        admin.close();
        engine.close();
        cluster.close();
    }

    @Test
    void shouldRefuseATriggerThatDoesNotExist() {
        var nobody = new TriggerId("nobody");
        assertThatThrownBy(() -> operations.disable(nobody))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("trigger 'nobody' does not exist");
        assertThatThrownBy(() -> operations.state(nobody)).isInstanceOf(MillraceException.class);
    }

    @Test
    void shouldTellTheStateAndTheLastProcessingResult()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("told");
        awaitPhase(id, "RUNNING");
        assertThat(operations.state(id).lastProcessingResult()).isEqualTo("No records processed");

        cluster.send(List.of(event("told-events", "k", "fine")));
        await().atMost(PATIENCE)
                .until(() -> operations.state(id).lastProcessingResult().equals("OK"));

        cluster.send(List.of(event("told-events", "k", "bad-told")));
        await().atMost(PATIENCE)
                .until(() ->
                        operations
                                .state(id)
                                .lastProcessingResult()
                                .equals("PROBLEM: Function call failed"));
        await().atMost(PATIENCE).until(() -> operations.state(id).lag().orElse(-1) == 0);
        TriggerReport report = operations.state(id);
        assertThat(report.reason()).isEmpty();
        assertThat(report.nodes())
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.node()).isEqualTo("node-1");
                    assertThat(node.partitions()).isEqualTo(1);
                    assertThat(node.stale()).isFalse();
                });
    }

    @Test
    void shouldHandOutNothingWhileDisabledOrPaused()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("switched");
        awaitPhase(id, "RUNNING");

        operations.disable(id);
        awaitPhase(id, "DISABLED");
        cluster.send(List.of(event("switched-events", "k", "1")));
        operations.enable(id);
        awaitResults(id, "1");

        operations.pause(id, "the shop is closed");
        awaitPhase(id, "PAUSED");
        assertThat(operations.state(id).reason()).isEqualTo("the shop is closed");
        cluster.send(List.of(event("switched-events", "k", "2")));
        assertThat(results(id)).containsExactly("1");
        operations.resume(id);
        awaitResults(id, "1", "2");
    }

    @Test
    void shouldShowWhatASeekDoesAndThenDoIt()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("sought");
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        cluster.send(
                List.of(
                        at("sought-events", noon.minusSeconds(1), "0"),
                        at("sought-events", noon, "1"),
                        at("sought-events", noon.plusSeconds(1), "2")));
        awaitResults(id, "0", "1", "2");
        awaitMark(id, 3);

        SeekPlan dry = operations.planSeek(id, new SeekTarget.Earliest());
        assertThat(dry.repeated()).isEqualTo(3);
        assertThat(dry.skipped()).isZero();
        assertThat(mark(id)).isEqualTo(3);

        SeekPlan done = seek(id, new SeekTarget.Timestamp(noon));
        assertThat(done.repeated()).isEqualTo(2);
        awaitResults(id, "0", "1", "2", "1", "2");

        seek(id, new SeekTarget.Offsets(Map.of(0, 2L)));
        awaitResults(id, "0", "1", "2", "1", "2", "2");
        assertThat(operations.state(id).trigger().enabled()).isTrue();

        assertThatThrownBy(() -> seek(id, new SeekTarget.Offsets(Map.of(0, 9L))))
                .hasMessageContaining("offset of partition 'sought-events-0', '9'")
                .hasMessageContaining("0 to 3");
        assertThatThrownBy(() -> seek(id, new SeekTarget.Offsets(Map.of(7, 0L))))
                .hasMessageContaining("partition 'sought-events-7'");
    }

    @Test
    void shouldLeaveADisabledTriggerDisabledAfterASeek()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("parked");
        awaitPhase(id, "RUNNING");
        operations.disable(id);
        awaitPhase(id, "DISABLED");
        cluster.send(
                List.of(
                        event("parked-events", "k", "passed over"),
                        event("parked-events", "k", "x")));

        SeekPlan plan = seek(id, new SeekTarget.Latest());

        assertThat(plan.skipped()).isEqualTo(2);
        assertThat(operations.state(id).trigger().enabled()).isFalse();
        operations.enable(id);
        cluster.send(List.of(event("parked-events", "k", "new")));
        awaitResults(id, "new");
    }

    @Test
    void shouldSayWhatASeekLeftThatTookTooLong()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("busy");
        awaitPhase(id, "RUNNING");
        cluster.send(List.of(event("busy-events", "k", "slow")));

        assertThatThrownBy(() ->
                        operations.seek(
                                id,
                                new SeekTarget.Latest(),
                                Duration.ofMillis(1),
                                Progress.silent()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("nothing was moved, it is enabled again")
                .hasMessageContaining("still in group 'millrace.busy'");
        awaitPhase(id, "RUNNING");
        awaitResults(id, "slow");
    }

    @Test
    void shouldGoOnAfterTheOffsetsWereLostWhenToldWhere()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("rescued");
        cluster.send(List.of(event("rescued-events", "k", "1")));
        awaitResults(id, "1");
        operations.disable(id);
        awaitPhase(id, "DISABLED");
        admin.deleteConsumerGroups(List.of("millrace.rescued")).all().get(10, TimeUnit.SECONDS);
        operations.enable(id);
        awaitPhase(id, "WAITING");

        seek(id, new SeekTarget.Earliest());

        awaitResults(id, "1", "1");
    }

    @Test
    void shouldSkipAnUnfinishedEventOnly()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("skipping");
        cluster.send(List.of(event("skipping-events", "k", "0")));
        awaitResults(id, "0");
        awaitMark(id, 1);
        operations.disable(id);
        awaitPhase(id, "DISABLED");
        cluster.send(List.of(event("skipping-events", "key", "12345")));

        assertThatThrownBy(() -> operations.skip(id, position("skipping-events", 0)))
                .hasMessageContaining("offset to skip '0'")
                .hasMessageContaining("1 to 1; what is below is finished");
        assertThatThrownBy(() -> operations.skip(id, position("elsewhere", 1)))
                .hasMessageContaining("'skipping-events', the source of trigger 'skipping'");
        SkipPlan plan = operations.planSkip(id, position("skipping-events", 1));
        assertThat(plan.bytes()).isEqualTo(8);
        assertThat(operations.state(id).trigger().intake().skips()).isEmpty();

        operations.skip(id, position("skipping-events", 1));

        assertThat(operations.state(id).trigger().intake().skips())
                .containsExactly(position("skipping-events", 1));
        operations.enable(id);
        awaitDeadLetters("skipping-failed", 1);
        ConsumerRecord<byte[], byte[]> letter = cluster.read("skipping-failed").getFirst();
        assertThat(header(letter, "millrace-condition")).isEqualTo("SkippedByOperator");
        assertThat(text(letter.value())).isEqualTo("12345");
        assertThat(results(id)).containsExactly("0");
    }

    @Test
    void shouldRedriveEachDeadLetterOnceAndNoneForEver()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("again");
        ProducerRecord<byte[], byte[]> marked = event("again-events", "key-1", "bad-1");
        marked.headers().add("trace", "t-1".getBytes(StandardCharsets.UTF_8));
        cluster.send(
                List.of(
                        marked,
                        event("again-events", "key-2", "bad-2"),
                        event("again-events", "key-3", "good")));
        awaitDeadLetters("again-failed", 2);

        var first =
                RedriveRequest.of(
                        new RedriveFilter(
                                Set.of("RetryAttemptsExhausted"),
                                Set.of(),
                                Optional.of(Instant.EPOCH),
                                Optional.empty(),
                                Set.of(position("again-events", 0)),
                                Map.of("trace", "t-1")));
        RedriveReport dry = operations.planRedrive(id, first, Progress.silent());
        assertThat(dry.redriven()).isEqualTo(1);
        assertThat(dry.others()).isEqualTo(1);
        assertThat(cluster.read("again-events")).hasSize(3);

        // It fails again, and its new letter remembers how often.
        assertThat(operations.redrive(id, first, Progress.silent()).redriven()).isEqualTo(1);
        awaitDeadLetters("again-failed", 3);
        ConsumerRecord<byte[], byte[]> redriven = cluster.read("again-events").getLast();
        assertThat(text(redriven.key())).isEqualTo("key-1");
        assertThat(text(redriven.value())).isEqualTo("bad-1");
        assertThat(header(redriven, "trace")).isEqualTo("t-1");
        assertThat(header(redriven, "millrace-redrives")).isEqualTo("1");
        assertThat(redriven.headers()).hasSize(2);

        var guarded = new RedriveRequest(RedriveFilter.ALL, 100, 1);
        Files.createFile(folder.resolve("bad-1"));
        Files.createFile(folder.resolve("bad-2"));
        RedriveReport second = operations.redrive(id, guarded, Progress.silent());
        assertThat(second.redriven()).isEqualTo(1);
        assertThat(second.refused()).isEqualTo(1);
        awaitResults(id, "good", "bad-2");

        RedriveReport third =
                operations.redrive(id, RedriveRequest.of(RedriveFilter.ALL), Progress.silent());
        assertThat(third.redriven()).isEqualTo(1);
        awaitResults(id, "good", "bad-2", "bad-1");
        RedriveReport fourth =
                operations.redrive(id, RedriveRequest.of(RedriveFilter.ALL), Progress.silent());
        assertThat(fourth.redriven()).isZero();
        assertThat(fourth.others() + fourth.refused() + fourth.incomplete()).isZero();
    }

    @Test
    void shouldRedriveEveryLetterOnceAlthoughARedriveIsBrokenOff()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("torn");
        var events = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < 12; i++) {
            events.add(event("torn-events", "k", "bad-torn-" + i));
        }
        cluster.send(events);
        awaitDeadLetters("torn-failed", 12);
        // Nobody shall run them meanwhile: what is redriven is counted in the source topic.
        operations.disable(id);
        awaitPhase(id, "DISABLED");
        var slow = new RedriveRequest(RedriveFilter.ALL, 2, 3);

        Thread redrive =
                Thread.ofPlatform()
                        .start(() ->
                                assertThatThrownBy(
                                                () -> {
                                                    try (var torn =
                                                            new TriggerOperations(
                                                                    cluster.cluster(),
                                                                    TestCluster.NAMES,
                                                                    schemas,
                                                                    new SystemTimeSource())) {
                                                        torn.redrive(id, slow, Progress.silent());
                                                    }
                                                })
                                        .isInstanceOf(MillraceException.class));
        await().atMost(PATIENCE).until(() -> cluster.read("torn-events").size() > 13);
        redrive.interrupt();
        redrive.join();
        int before = cluster.read("torn-events").size();
        assertThat(before).isBetween(14, 23);
        RedriveReport rest =
                operations.redrive(id, RedriveRequest.of(RedriveFilter.ALL), Progress.silent());

        assertThat(rest.redriven()).isEqualTo(24 - before);
        assertThat(cluster.read("torn-events").stream().skip(12).map(r -> text(r.value())))
                .containsExactlyElementsOf(events.stream().map(e -> text(e.value())).toList());
    }

    @Test
    void shouldOfferEveryOperationAsACommand()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        TriggerId id = deploy("commanded");
        awaitPhase(id, "RUNNING");
        cluster.send(List.of(event("commanded-events", "k", "0")));
        awaitResults(id, "0");
        awaitMark(id, 1);

        assertThat(run("trigger", "state", "commanded").out())
                .contains("commanded: RUNNING", "last processing result: OK", "node-1");
        assertThat(run("triggers").out()).contains("commanded").contains("RUNNING");
        assertThat(run("trigger", "seek", "commanded", "--to", "earliest", "--dry-run").out())
                .contains("commanded-events-0: 1 -> 0, 1 repeated", "dry run, nothing was changed");
        assertThat(run("trigger", "redrive", "commanded", "--dry-run").out())
                .contains("dry run, nothing was sent: 0 to redrive");
        assertThat(run("trigger", "pause", "commanded", "--reason", "lunch").code()).isZero();
        awaitPhase(id, "PAUSED");
        assertThat(run("trigger", "state", "commanded").out()).contains("PAUSED, lunch");
        assertThat(run("trigger", "resume", "commanded").code()).isZero();
        assertThat(run("trigger", "seek", "commanded", "--offset", "0=0").code()).isZero();
        awaitResults(id, "0", "0");

        Ended unknown = run("trigger", "disable", "nobody");
        assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND.exitCode());
        assertThat(unknown.err().lines()).hasSize(1);
        Ended nowhere = run("trigger", "seek", "commanded", "--to", "yesterday");
        assertThat(nowhere.code()).isEqualTo(ErrorCode.INVALID.exitCode());
        assertThat(nowhere.err()).contains("'yesterday'");
        assertThat(run("trigger", "skip", "commanded", "commanded-events-0-99").code())
                .isEqualTo(ErrorCode.INVALID.exitCode());
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(
                List.of(
                        "--bootstrap-servers",
                        cluster.bootstrapServers(),
                        "--schema-registry-url",
                        cluster.registryUrl()));
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Millrace.run(
                        new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }

    /** A trigger of this name with a source topic of one partition. */
    private static TriggerId deploy(String id)
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        admin.createTopics(
                        List.of(
                                new NewTopic(id + "-events", 1, (short) 1),
                                new NewTopic(id + "-failed", 1, (short) 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
        Trigger trigger =
                TestCluster.trigger(
                        id,
                        id + "-events",
                        RetryPolicy.of(2, Duration.ofMillis(20), Duration.ofMillis(50)));
        cluster.deploy(trigger, jar, PickyFunction.HANDLER, Duration.ofSeconds(10));
        return trigger.id();
    }

    private static SeekPlan seek(TriggerId id, SeekTarget target) {
        return operations.seek(id, target, PATIENCE, Progress.silent());
    }

    private static EventPosition position(String topic, long offset) {
        return new EventPosition(new PartitionId(topic, 0), offset);
    }

    private static ProducerRecord<byte[], byte[]> at(String topic, Instant time, String value) {
        return new ProducerRecord<>(
                topic, 0, time.toEpochMilli(), null, value.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> results(TriggerId id) {
        return cluster.read(id + "-results").stream().map(r -> text(r.value())).toList();
    }

    private static void awaitResults(TriggerId id, String... values) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(results(id)).containsExactlyInAnyOrder(values));
    }

    private static void awaitDeadLetters(String topic, int count) {
        await().atMost(PATIENCE).until(() -> cluster.read(topic).size() == count);
    }

    private static long mark(TriggerId id)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin
                .listConsumerGroupOffsets("millrace." + id)
                .partitionsToOffsetAndMetadata()
                .get(10, TimeUnit.SECONDS)
                .values()
                .stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    private static void awaitMark(TriggerId id, long mark) {
        await().atMost(PATIENCE).until(() -> mark(id) == mark);
    }

    private static void awaitPhase(TriggerId id, String phase) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(operations.state(id).phase()).isEqualTo(phase));
    }
}
