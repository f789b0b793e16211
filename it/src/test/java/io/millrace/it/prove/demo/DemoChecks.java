package io.millrace.it.prove.demo;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.demo.DemoSurvey.Attempt;
import io.millrace.it.prove.demo.DemoSurvey.Seen;
import io.millrace.it.prove.demo.Photograph.Size;
import io.millrace.schemas.EventHeaders;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.imageio.ImageIO;

/** Compares a survey with what the pictures ask for. Pure. */
public final class DemoChecks {
    private static final String BUCKET = "photos/";

    private final List<Photograph> photographs;
    private final DemoSurvey survey;
    private final Map<String, Photograph> byKey = new TreeMap<>();

    /** Events by position; strangers, which no picture asks for, among them. */
    private final Map<String, Seen> events = new TreeMap<>();

    private DemoChecks(List<Photograph> photographs, DemoSurvey survey) {
        this.photographs = photographs;
        this.survey = survey;
        photographs.forEach(photograph -> byKey.put(BUCKET + photograph.key(), photograph));
        survey.events().forEach(event -> events.put(event.position(), event));
    }

    /** Every check there is, each of them always. */
    public static List<Check> of(List<Photograph> photographs, DemoSurvey survey) {
        DemoChecks checks = new DemoChecks(List.copyOf(photographs), survey);
        long good = photographs.stream().filter(photograph -> !photograph.broken()).count();
        long broken = photographs.size() - good;
        DemoSurvey.Outcomes outcomes = survey.outcomes();
        return List.of(
                Check.equal("the source runs", "RUNNING", survey.sourceState()),
                Check.none(
                        "each picture has one event",
                        photographs.size() + " events",
                        checks.eventFaults()),
                Check.none(
                        "each good picture has one result, a broken one none",
                        good + " results",
                        checks.outcomeFaults(outcomes.results(), 1, 0)),
                Check.none(
                        "each good picture has one notification, a broken one none",
                        good + " notifications",
                        checks.outcomeFaults(outcomes.notifications(), 1, 0)),
                Check.none(
                        "each broken picture has one dead letter, a good one none",
                        broken + " dead letters",
                        checks.outcomeFaults(outcomes.deadLetters(), 0, 1)),
                Check.none(
                        "each attempt is metered once",
                        photographs.size() + " metered events",
                        checks.meteringFaults()),
                Check.none(
                        "results have the keys of their events",
                        "the same bytes",
                        checks.keyFaults(outcomes.results())),
                Check.none(
                        "dead letters are their events, byte for byte",
                        "the same keys, values and headers",
                        checks.deadLetterFaults()),
                Check.none(
                        "dead letters say why",
                        "condition, error type and message",
                        checks.reasonFaults()),
                Check.none(
                        "thumbnails decode and have the right size",
                        good + " thumbnails",
                        checks.thumbnailFaults()),
                Check.none(
                        "the trigger has no lag",
                        "nothing left to read",
                        survey.progress().stream()
                                .filter(progress -> progress.unread() > 0)
                                .map(String::valueOf)
                                .toList()));
    }

    /** Whether two surveys saw the same records: what was done stays done, and once. */
    public static Check same(DemoSurvey before, DemoSurvey after) {
        Map<String, Object> was = records(before);
        Map<String, Object> is = records(after);
        List<String> faults = new ArrayList<>();
        was.forEach((name, value) -> {
            if (!value.equals(is.get(name))) {
                faults.add(name + ": " + value + " before, " + is.get(name) + " now");
            }
        });
        return Check.none("nothing is processed or uploaded twice", "the same records", faults);
    }

    private static Map<String, Object> records(DemoSurvey survey) {
        Map<String, Object> records = new TreeMap<>();
        records.put("events", positions(survey.events()));
        records.put("results", positions(survey.outcomes().results()));
        records.put("notifications", positions(survey.outcomes().notifications()));
        records.put("dead letters", positions(survey.outcomes().deadLetters()));
        records.put(
                "attempts", survey.attempts().stream().map(Attempt::toString).sorted().toList());
        records.put("thumbnails", new TreeMap<>(survey.thumbnails()));
        records.put("uploads", new TreeMap<>(survey.uploads()));
        return records;
    }

    private static Set<String> positions(List<Seen> records) {
        Set<String> positions = new TreeSet<>();
        records.forEach(record -> positions.add(record.position()));
        return positions;
    }

    private List<String> eventFaults() {
        List<String> faults = new ArrayList<>();
        for (Photograph photograph : photographs) {
            long found =
                    events.values().stream()
                            .filter(event -> event.key().text().equals(BUCKET + photograph.key()))
                            .count();
            count(faults, photograph.key(), found, 1);
        }
        events.values().stream()
                .filter(event -> !byKey.containsKey(event.key().text()))
                .forEach(event -> faults.add(event.position() + ": of no picture"));
        return faults;
    }

    private List<String> outcomeFaults(List<Seen> records, int forGood, int forBroken) {
        List<String> faults = new ArrayList<>();
        for (Photograph photograph : photographs) {
            long found =
                    records.stream()
                            .filter(record ->
                                    event(record)
                                            .flatMap(this::photograph)
                                            .filter(photograph::equals)
                                            .isPresent())
                            .count();
            count(faults, photograph.key(), found, photograph.broken() ? forBroken : forGood);
        }
        faults.addAll(strangers(records));
        return faults;
    }

    /** One entry for a good picture; for a dead letter as many as it says it was tried. */
    private List<String> meteringFaults() {
        List<String> faults = new ArrayList<>();
        List<Seen> ends = new ArrayList<>(survey.outcomes().results());
        ends.addAll(survey.outcomes().deadLetters());
        Set<Attempt> explained = new HashSet<>();
        for (Seen event : events.values()) {
            List<Seen> own = ends.stream().filter(record -> isOf(record, event)).toList();
            if (own.isEmpty()) {
                faults.add(event.position() + ": no outcome to be metered");
                continue;
            }
            boolean broken = photograph(event).map(Photograph::broken).orElse(false);
            String tries = broken ? own.getFirst().header(EventHeaders.ATTEMPT) : "1";
            String requestId = own.getFirst().header(EventHeaders.REQUEST_ID);
            List<Attempt> attempts =
                    survey.attempts().stream()
                            .filter(attempt -> attempt.source().equals(event.position()))
                            .toList();
            if (!Integer.toString(attempts.size()).equals(tries)) {
                faults.add(event.position() + ": " + attempts.size() + " instead of " + tries);
            }
            attempts.stream()
                    .filter(attempt -> !attempt.requestId().equals(requestId))
                    .forEach(attempt -> faults.add(event.position() + ": of another request"));
            attempts.stream()
                    .filter(attempt -> !explained.add(attempt))
                    .forEach(attempt -> faults.add(event.position() + ": metered again"));
        }
        survey.attempts().stream()
                .filter(attempt -> !events.containsKey(attempt.source()))
                .forEach(attempt -> faults.add(attempt.source() + ": of no event"));
        return faults;
    }

    private List<String> keyFaults(List<Seen> records) {
        return records.stream()
                .filter(record -> !event(record).map(Seen::key).equals(Optional.of(record.key())))
                .map(record -> record.position() + ": another key")
                .toList();
    }

    private List<String> deadLetterFaults() {
        List<String> faults = new ArrayList<>();
        for (Seen letter : survey.outcomes().deadLetters()) {
            Optional<Seen> event = event(letter);
            if (event.isEmpty()) {
                faults.add(letter.position() + ": its event is not there");
                continue;
            }
            if (!event.get().key().equals(letter.key())) {
                faults.add(letter.position() + ": another key");
            }
            if (!event.get().value().equals(letter.value())) {
                faults.add(letter.position() + ": another value");
            }
            List<Header> own = event.get().headers();
            boolean keepsHeaders =
                    letter.headers().size() >= own.size()
                            && letter.headers().subList(0, own.size()).equals(own);
            if (!keepsHeaders) {
                faults.add(letter.position() + ": other headers");
            }
        }
        return faults;
    }

    private List<String> reasonFaults() {
        List<String> faults = new ArrayList<>();
        for (Seen letter : survey.outcomes().deadLetters()) {
            for (String name :
                    List.of(
                            EventHeaders.CONDITION,
                            EventHeaders.ERROR_TYPE,
                            EventHeaders.ERROR_MESSAGE)) {
                if (letter.header(name).isBlank()) {
                    faults.add(letter.position() + ": no " + name);
                }
            }
            if (letter.header(EventHeaders.ERROR_MESSAGE).lines().count() > 1) {
                faults.add(letter.position() + ": a message of several lines");
            }
        }
        return faults;
    }

    private List<String> thumbnailFaults() {
        List<String> faults = new ArrayList<>();
        Set<String> unexplained = new TreeSet<>(survey.thumbnails().keySet());
        for (Photograph photograph : photographs) {
            if (photograph.broken()) {
                continue;
            }
            String key = photograph.thumbnailKey();
            unexplained.remove(key);
            Optional<Size> found = size(survey.thumbnails().getOrDefault(key, Payload.NULL));
            Size wanted = photograph.thumbnailSize();
            if (found.filter(size -> isNear(size, wanted)).isEmpty()) {
                String is = found.map(Size::toString).orElse("nothing that decodes");
                faults.add(key + ": " + is + " instead of " + wanted);
            }
        }
        unexplained.forEach(key -> faults.add(key + ": of no good picture"));
        return faults;
    }

    /** The longest side is exact; the other one may be rounded either way. */
    private static boolean isNear(Size found, Size wanted) {
        return Math.max(found.width(), found.height()) == Math.max(wanted.width(), wanted.height())
                && Math.abs(found.width() - wanted.width()) <= 1
                && Math.abs(found.height() - wanted.height()) <= 1;
    }

    private static Optional<Size> size(Payload picture) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(picture.bytes())))
                    .map((BufferedImage image) -> new Size(image.getWidth(), image.getHeight()));
        } catch (IOException | RuntimeException e) {
            // Readers of broken files also throw whatever their arithmetic comes to.
            return Optional.empty();
        }
    }

    private List<String> strangers(List<Seen> records) {
        return records.stream()
                .filter(record -> event(record).isEmpty())
                .map(record -> record.position() + ": of no event")
                .toList();
    }

    private Optional<Photograph> photograph(Seen event) {
        return Optional.ofNullable(byKey.get(event.key().text()));
    }

    private Optional<Seen> event(Seen record) {
        return Optional.ofNullable(events.get(record.header(EventHeaders.SOURCE)));
    }

    private static boolean isOf(Seen record, Seen event) {
        return record.header(EventHeaders.SOURCE).equals(event.position());
    }

    private static void count(List<String> faults, String what, long found, int wanted) {
        if (found != wanted) {
            faults.add(what + ": " + found + " instead of " + wanted);
        }
    }
}
