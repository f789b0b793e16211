package io.millrace.it.prove.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.it.prove.Check;
import io.millrace.schemas.EventHeaders;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Judges what became of events that failed, and of their neighbours. Pure. */
final class FailureChecks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FailureChecks() {}

    /** Every event has one result or one dead letter, and nothing comes from nowhere. */
    static Check oneEndEach(Seen seen) {
        Map<String, Integer> ends = new HashMap<>();
        seen.results().forEach(line -> ends.merge(line.origin(), 1, Integer::sum));
        seen.letters().forEach(line -> ends.merge(line.origin(), 1, Integer::sum));
        List<String> wrong = new ArrayList<>();
        for (Line event : seen.events()) {
            Integer found = ends.remove(event.place());
            if (found == null || found != 1) {
                wrong.add(event.place() + " has " + (found == null ? 0 : found) + " ends");
            }
        }
        ends.forEach((place, count) -> wrong.add(count + " ends of " + place + ", no event"));
        return Check.none("every event has one end", "one result or dead letter each", wrong);
    }

    /** The metered attempts of each event are 1..n, and n is what the policy says. */
    static Check attemptsCounted(Seen seen, int maxAttempts) {
        List<String> wrong = new ArrayList<>();
        Map<String, List<MeteredAttempt>> attempts = seen.attemptsByPlace();
        for (Line event : seen.events()) {
            List<Integer> found =
                    attempts.getOrDefault(event.place(), List.of()).stream()
                            .map(MeteredAttempt::attempt)
                            .sorted()
                            .toList();
            int wanted = Fate.of(event.text(), maxAttempts).attempts();
            if (!found.equals(IntStream.rangeClosed(1, wanted).boxed().toList())) {
                wrong.add(event.place() + ": " + found + " instead of 1.." + wanted);
            }
        }
        return Check.none("metered attempts of an event are 1..n", "no gap, none twice", wrong);
    }

    /**
     * Pauses double from the first delay to the greatest; half of each is random. Of each, the
     * shortest of all events counts: a machine that is busy only makes them longer.
     */
    static Check backOffGrows(Seen seen, Duration first, Duration greatest, Duration slack) {
        List<String> wrong = new ArrayList<>();
        Map<Integer, Long> shortest = new TreeMap<>();
        for (List<MeteredAttempt> attempts : seen.attemptsByPlace().values()) {
            List<MeteredAttempt> sorted = new ArrayList<>(attempts);
            sorted.sort((a, b) -> Integer.compare(a.attempt(), b.attempt()));
            for (int i = 1; i < sorted.size(); i++) {
                MeteredAttempt before = sorted.get(i - 1);
                long pause =
                        Duration.between(
                                        before.startedAt().plus(before.usage().duration()),
                                        sorted.get(i).startedAt())
                                .toMillis();
                shortest.merge(i, pause, Math::min);
            }
        }
        shortest.forEach((number, pause) -> {
            long full = Math.min(greatest.toMillis(), first.toMillis() << (number - 1));
            if (pause < full / 2 - 2 || pause > full + slack.toMillis()) {
                wrong.add("pause " + number + " took " + pause + " ms of " + full);
            }
        });
        if (shortest.isEmpty()) {
            wrong.add("no event was tried again");
        }
        return Check.none(
                "pauses between attempts grow",
                "half to all of " + first.toMillis() + " ms doubling to " + greatest.toMillis(),
                wrong);
    }

    /** Key, value and headers of a dead letter are those of its event, and its time is kept. */
    static Check lettersAreOriginal(Seen seen) {
        Map<String, Line> events = new HashMap<>();
        seen.events().forEach(event -> events.put(event.place(), event));
        List<String> wrong = new ArrayList<>();
        for (Line letter : seen.letters()) {
            Line event = events.get(letter.origin());
            if (event == null) {
                wrong.add("letter of " + letter.origin() + ", no event");
                continue;
            }
            if (!event.key().equals(letter.key()) || !event.value().equals(letter.value())) {
                wrong.add(event.place() + ": key or value differ");
            }
            if (!event.foreignHeaders().equals(letter.foreignHeaders())) {
                wrong.add(event.place() + ": headers " + letter.foreignHeaders());
            }
            if (!letter.header(EventHeaders.SOURCE_TIMESTAMP)
                    .equals(Long.toString(event.timestamp()))) {
                wrong.add(event.place() + ": time differs");
            }
        }
        return Check.none("dead letters are the events byte for byte", "all the same", wrong);
    }

    /** Each event that had to fail is a dead letter with its whole reason, no other is. */
    static Check reasonsAreWhole(Seen seen, String trigger, int maxAttempts) {
        Map<String, Line> letters = new HashMap<>();
        seen.letters().forEach(letter -> letters.put(letter.origin(), letter));
        List<String> wrong = new ArrayList<>();
        for (Line event : seen.events()) {
            Fate fate = Fate.of(event.text(), maxAttempts);
            Line letter = letters.get(event.place());
            if (letter == null || fate.condition().isEmpty()) {
                if ((letter == null) == fate.condition().isPresent()) {
                    wrong.add(event.place() + ": letter " + (letter != null));
                }
                continue;
            }
            same(wrong, letter, EventHeaders.CONDITION, fate.condition().get());
            same(wrong, letter, EventHeaders.ATTEMPT, Integer.toString(fate.attempts()));
            same(wrong, letter, EventHeaders.TRIGGER, trigger);
            same(wrong, letter, EventHeaders.FUNCTION, trigger);
            same(wrong, letter, EventHeaders.VERSION, "$LATEST");
            for (String name :
                    List.of(
                            EventHeaders.ERROR_TYPE,
                            EventHeaders.ERROR_MESSAGE,
                            EventHeaders.NODE,
                            EventHeaders.REQUEST_ID)) {
                if (letter.header(name).isBlank()) {
                    wrong.add(event.place() + ": no " + name);
                }
            }
        }
        return Check.none("dead letters tell the whole reason", "all their headers", wrong);
    }

    private static void same(List<String> wrong, Line letter, String header, String wanted) {
        if (!letter.header(header).equals(wanted)) {
            wrong.add(letter.origin() + ": " + header + " is '" + letter.header(header) + "'");
        }
    }

    /** The on-success topic has each result once. */
    static Check noticesAreResults(Seen seen) {
        List<String> results = seen.results().stream().map(FailureChecks::whole).sorted().toList();
        List<String> notices = seen.notices().stream().map(FailureChecks::whole).sorted().toList();
        return new Check(
                "the on-success topic has each result once",
                results.size() + " of them",
                notices.size() + (results.equals(notices) ? "" : ", not the same"),
                !results.isEmpty() && results.equals(notices));
    }

    private static String whole(Line line) {
        return line.origin() + " " + line.key() + " " + line.value();
    }

    /**
     * The on-failure topic has one record per dead letter, as KAF-8 describes it.
     *
     * @param functionError what {@code functionError} has to be, {@code null} for JSON null
     */
    static Check failureRecords(Seen seen, String trigger, String functionError) {
        Map<String, Line> records = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Line record : seen.failures()) {
            for (Map.Entry<String, JsonNode> part : entries(record)) {
                records.put(part.getKey() + "@" + part.getValue().path("offset").asText(), record);
            }
        }
        Map<String, Line> events = new HashMap<>();
        seen.events().forEach(event -> events.put(event.place(), event));
        for (Line letter : seen.letters()) {
            Line record = records.get(letter.origin());
            Line event = events.get(letter.origin());
            if (record == null || event == null) {
                wrong.add("no record of " + letter.origin());
            } else {
                compare(wrong, record, letter, event, trigger, functionError);
            }
        }
        if (seen.failures().size() != seen.letters().size()) {
            wrong.add(seen.failures().size() + " records of " + seen.letters().size());
        }
        return Check.none(
                "failure records are as KAF-8 has them", "one per dead letter, every field", wrong);
    }

    private static List<Map.Entry<String, JsonNode>> entries(Line record) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> part :
                json(record).path("payload").path("records").properties()) {
            String partition = part.getKey().substring(part.getKey().lastIndexOf('-') + 1);
            part.getValue().forEach(one -> entries.add(Map.entry(partition, one)));
        }
        return entries;
    }

    private static void compare(
            List<String> wrong,
            Line record,
            Line letter,
            Line event,
            String trigger,
            String functionError) {
        JsonNode json = json(record);
        String place = letter.origin();
        String condition = letter.header(EventHeaders.CONDITION);
        JsonNode request = json.path("requestContext");
        text(wrong, place, request, "requestId", letter.header(EventHeaders.REQUEST_ID));
        text(
                wrong,
                place,
                request,
                "functionArn",
                "arn:aws:lambda:us-east-1:000000000000:function:" + trigger);
        boolean expired = condition.equals("RecordAgeExceeded");
        text(wrong, place, request, "condition", lambdaWord(condition));
        text(wrong, place, json, "version", "1.0");
        JsonNode response = json.path("responseContext");
        if (expired) {
            if (!response.isNull()) {
                wrong.add(place + ": responseContext " + response);
            }
        } else {
            text(wrong, place, response, "statusCode", "200");
            text(wrong, place, response, "executedVersion", "$LATEST");
            text(wrong, place, response, "functionError", functionError);
        }
        JsonNode batch = json.path("KafkaBatchInfo");
        text(wrong, place, batch, "batchSize", "1");
        text(wrong, place, batch.path("recordInfo"), "offset", Long.toString(event.offset()));
        text(
                wrong,
                place,
                batch.path("recordInfo"),
                "timestamp",
                Instant.ofEpochMilli(event.timestamp())
                        .toString()
                        .replaceFirst(":(\\d\\d)Z", ":$1.000Z"));
        JsonNode one = entries(record).getFirst().getValue();
        text(wrong, place, one, "value", base64(event.text()));
        text(wrong, place, one, "key", base64(event.key().orElse("")));
        if (one.path("headers").size() != event.headers().size()) {
            wrong.add(place + ": headers " + one.path("headers"));
        }
        if (batch.path("payloadSize").asInt()
                != json.path("payload").toString().getBytes(StandardCharsets.UTF_8).length) {
            wrong.add(place + ": payloadSize " + batch.path("payloadSize"));
        }
    }

    /** Lambda has three words for what we tell apart more closely. */
    private static String lambdaWord(String condition) {
        return switch (condition) {
            case "NonRetryable", "MaximumPayloadSizeExceeded" -> "RetryAttemptsExhausted";
            case "DecodeError", "FilterError" -> "DESERIALIZATION_ERROR";
            default -> condition;
        };
    }

    private static void text(
            List<String> wrong, String place, JsonNode in, String field, String wanted) {
        if (!in.path(field).asText().equals(wanted) || in.path(field).isMissingNode()) {
            wrong.add(place + ": " + field + " is " + in.path(field) + ", not " + wanted);
        }
    }

    private static String base64(String latin) {
        return Base64.getEncoder().encodeToString(latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static JsonNode json(Line record) {
        try {
            return JSON.readTree(record.text());
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }

    /** Committed offset and end are the same in every partition. */
    static Check offsetsFinished(String when, Seen seen) {
        return new Check(
                "committed offsets are the ends " + when,
                seen.ends().toString(),
                seen.marks().toString(),
                !seen.ends().isEmpty() && seen.ends().equals(seen.marks()));
    }
}
