package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.it.prove.Check;

import org.apache.avro.generic.GenericRecord;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Schedules on three workers of one Connect cluster that are killed at random: first while a past
 * is caught up with, then while ticks fire as they come due, each at a moment of its own.
 */
final class ScheduleScenario implements SourceScenario {
    private static final String CLASS = "io.millrace.connectors.schedule.ScheduleSourceConnector";
    private static final String CONNECTOR = "schedules";
    private static final String TOPIC = "ticks";
    private static final int SCHEDULES = 200;
    private static final int LIVE_MINUTES = 5;
    private static final int QUICK_LIVE_MINUTES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final SystemTimeSource TIME = new SystemTimeSource();

    /** When all schedules are due: every minute from the first, before the last. */
    private record Plan(Instant start, Instant live, Instant end) {
        static Plan of(int changes, boolean isQuick, Instant now) {
            int live = isQuick ? QUICK_LIVE_MINUTES : LIVE_MINUTES;
            Instant soon = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
            Instant end = soon.plus(live, ChronoUnit.MINUTES);
            return new Plan(end.minus(changes / SCHEDULES, ChronoUnit.MINUTES), soon, end);
        }

        List<Change> expected() {
            List<Change> expected = new ArrayList<>();
            for (Instant due = start; due.isBefore(end); due = due.plus(1, ChronoUnit.MINUTES)) {
                for (int i = 0; i < SCHEDULES; i++) {
                    expected.add(new Change(schedule(i), due.toString()));
                }
            }
            return expected;
        }

        long past() {
            return SCHEDULES * ChronoUnit.MINUTES.between(start, live);
        }
    }

    @Override
    public String name() {
        return "schedule";
    }

    @Override
    public void run(SourceBed bed) throws InterruptedException, ExecutionException {
        bed.createTopic(TOPIC, 4, Map.of());
        List<ConnectWorker> workers =
                IntStream.range(0, 3).mapToObj(i -> bed.startWorker("worker-" + i)).toList();
        ConnectRest rest = workers.getFirst().rest();
        Plan plan = Plan.of(bed.changes(), bed.isQuick(), TIME.now());
        List<Change> expected = plan.expected();
        TopicReader reader = bed.reader(TOPIC);
        rest.create(CONNECTOR, config(plan));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        bed.note("seed " + seed);

        bed.check(Kills.of(picks(workers, 2, random), reader::count, expected.size()).run());
        bed.check(
                Kills.of(
                                picks(workers, bed.isQuick() ? 3 : Kills.TIMES, random),
                                reader::count,
                                expected.size())
                        .from(plan.past())
                        .run());
        await("all ticks")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> reader.count() >= expected.size());
        awaitPast(plan.end().plusSeconds(65));

        bed.checkAll(ExactlyOnceCheck.judge(expected, reader.toEnd(), r -> change(reader, r)));
        bed.check(
                Check.equal(
                        "the offsets tell the last due time of each schedule",
                        SCHEDULES + " x " + plan.end().minus(1, ChronoUnit.MINUTES),
                        lastDue(rest.offsets(CONNECTOR))));
        setBack(bed, rest, reader, plan);
        if (!bed.isQuick()) {
            measure(bed, rest);
        }
    }

    /** Nothing may come after the last tick: the clock must have passed it. */
    private static void awaitPast(Instant time) {
        await("the end").atMost(PATIENCE).until(() -> TIME.now().isAfter(time));
    }

    /** An offset that is set back fires again what comes after it, and nothing else. */
    private static void setBack(SourceBed bed, ConnectRest rest, TopicReader reader, Plan plan) {
        int before = reader.toEnd().size();
        rest.stop(CONNECTOR);
        Map<String, Object> partition = Map.of("schedule", schedule(7));
        String refusal =
                rest.alterOffsets(
                        CONNECTOR,
                        List.of(Map.of("partition", partition, "offset", Map.of("due", "noon"))));
        bed.check(
                new Check(
                        "an offset that cannot be read is refused in words",
                        "a sentence about 'due'",
                        refusal,
                        refusal.contains("'due'")));
        rest.alterOffsets(
                CONNECTOR,
                List.of(
                        Map.of(
                                "partition",
                                partition,
                                "offset",
                                Map.of(
                                        "due",
                                        plan.end().minus(4, ChronoUnit.MINUTES).toString()))));
        rest.resume(CONNECTOR);
        await("ticks again").atMost(PATIENCE).until(() -> reader.count() >= before + 3);
        List<Change> again =
                reader.toEnd().subList(before, reader.toEnd().size()).stream()
                        .map(record -> change(reader, record))
                        .toList();
        List<Change> wanted =
                IntStream.of(3, 2, 1)
                        .mapToObj(m -> plan.end().minus(m, ChronoUnit.MINUTES))
                        .map(due -> new Change(schedule(7), due.toString()))
                        .toList();
        bed.check(Check.equal("an offset set back fires again what follows", wanted, again));
        rest.delete(CONNECTOR);
    }

    /** How fast one task catches up. */
    private static void measure(SourceBed bed, ConnectRest rest)
            throws InterruptedException, ExecutionException {
        bed.createTopic("burst", 4, Map.of());
        TopicReader reader = bed.reader("burst");
        Instant end = TIME.now().truncatedTo(ChronoUnit.MINUTES);
        Map<String, String> config = new TreeMap<>();
        config.put("connector.class", CLASS);
        config.put("tasks.max", "1");
        config.put("topic", "burst");
        config.put("schedules", "a,b,c,d,e,f,g,h,i,j");
        int minutes = 5_000;
        for (String name : config.get("schedules").split(",", -1)) {
            config.put("schedule." + name + ".expression", "cron(* * * * ? *)");
            config.put(
                    "schedule." + name + ".start",
                    end.minus(minutes, ChronoUnit.MINUTES).toString());
            config.put("schedule." + name + ".end", end.toString());
        }
        rest.create("burst", config);
        await("the first").atMost(PATIENCE).until(() -> reader.count() > 0);
        long first = reader.count();
        long began = TIME.nanos();
        await("a burst")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> reader.count() >= 10L * minutes);
        double seconds = (TIME.nanos() - began) / 1e9;
        bed.figure("ticks caught up by one task", (10L * minutes - first) / seconds, "ticks/s");
        rest.delete("burst");
    }

    private static Map<String, String> config(Plan plan) {
        Map<String, String> config = new TreeMap<>();
        config.put("connector.class", CLASS);
        config.put("tasks.max", "6");
        config.put("exactly.once.support", "required");
        config.put("topic", TOPIC);
        config.put("schedule.batch.max", "2");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SCHEDULES; i++) {
            names.add(schedule(i));
            String key = "schedule." + schedule(i) + ".";
            config.put(key + "expression", i % 2 == 0 ? "rate(1 minute)" : "cron(* * * * ? *)");
            config.put(key + "timezone", i % 2 == 0 ? "UTC" : "America/New_York");
            config.put(key + "start", plan.start().toString());
            config.put(key + "end", plan.end().toString());
            config.put(key + "window.minutes", "1");
        }
        config.put("schedules", String.join(",", names));
        return config;
    }

    private static String schedule(int number) {
        return "schedule-" + number;
    }

    private static Change change(TopicReader reader, TopicRecord record) {
        GenericRecord tick = (GenericRecord) reader.avro(record);
        Object due = tick.get("dueAt");
        Instant at = due instanceof Instant instant ? instant : Instant.ofEpochMilli((Long) due);
        return new Change(record.key(), at.toString());
    }

    private static String lastDue(List<JsonNode> offsets) {
        Map<String, Integer> times = new TreeMap<>();
        offsets.forEach(o -> times.merge(o.path("offset").path("due").asText(), 1, Integer::sum));
        List<String> told = new ArrayList<>();
        times.forEach((due, count) -> told.add(count + " x " + due));
        return String.join(", ", told);
    }

    private static List<ConnectWorker> picks(
            List<ConnectWorker> workers, int count, Random random) {
        return random.ints(count, 0, workers.size()).mapToObj(workers::get).toList();
    }
}
