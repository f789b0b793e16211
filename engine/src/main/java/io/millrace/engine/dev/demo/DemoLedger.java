package io.millrace.engine.dev.demo;

import io.millrace.engine.inspect.MeteredAttempt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the topics and buckets said so far about the pictures of this run, and what is missing.
 * Pure. Threading: one thread.
 */
final class DemoLedger {
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final Map<String, List<MeteredAttempt>> metered = new HashMap<>();

    DemoLedger(List<Picture> pictures) {
        pictures.forEach(picture -> pages.put(picture.key(), new Page(picture)));
    }

    /** All that is known about one picture. */
    private static final class Page {
        private final Picture picture;
        private final List<DemoFact.Seen> seen = new ArrayList<>();
        private final List<DemoFact.Result> results = new ArrayList<>();
        private final List<DemoFact.Notification> notifications = new ArrayList<>();
        private final List<DemoFact.DeadLetter> deadLetters = new ArrayList<>();
        private Optional<Instant> uploadedAt = Optional.empty();
        private int eventsWanted = 1;
        private boolean thumbnail;

        Page(Picture picture) {
            this.picture = picture;
        }
    }

    /** Notes that a picture was uploaded in this run; its source event is still to come. */
    void uploaded(String key, Instant at) {
        Page page = page(key).orElseThrow();
        page.uploadedAt = Optional.of(at);
        page.eventsWanted = page.seen.size() + 1;
    }

    /** Notes that a thumbnail of the picture was decoded. */
    void thumbnail(String key) {
        page(key).ifPresent(page -> page.thumbnail = true);
    }

    boolean hasThumbnail(String key) {
        return page(key).map(page -> page.thumbnail).orElse(false);
    }

    /** Notes a fact; one about a picture of another run is not for us, and told by false. */
    boolean note(DemoFact fact) {
        return switch (fact) {
            case DemoFact.Seen seen ->
                    page(seen.key()).map(page -> page.seen.add(seen)).orElse(false);
            case DemoFact.Result result ->
                    page(result.key()).map(page -> page.results.add(result)).orElse(false);
            case DemoFact.Notification notification ->
                    page(notification.key())
                            .map(page -> page.notifications.add(notification))
                            .orElse(false);
            case DemoFact.DeadLetter letter ->
                    page(letter.key()).map(page -> page.deadLetters.add(letter)).orElse(false);
            case DemoFact.Metered(var attempt) ->
                    metered.computeIfAbsent(attempt.requestId(), id -> new ArrayList<>())
                            .add(attempt);
        };
    }

    /** The picture an attempt was about, once its result or dead letter is known. */
    Optional<String> keyOf(String requestId) {
        return pages.values().stream()
                .filter(page -> requestIds(page).contains(requestId))
                .map(page -> page.picture.key())
                .findFirst();
    }

    Collection<Picture> pictures() {
        return pages.values().stream().map(page -> page.picture).toList();
    }

    int uploads() {
        return (int) pages.values().stream().filter(page -> page.uploadedAt.isPresent()).count();
    }

    int results() {
        return pages.values().stream().mapToInt(page -> page.results.size()).sum();
    }

    int notifications() {
        return pages.values().stream().mapToInt(page -> page.notifications.size()).sum();
    }

    int deadLetters() {
        return pages.values().stream().mapToInt(page -> page.deadLetters.size()).sum();
    }

    int thumbnails() {
        return (int) pages.values().stream().filter(page -> page.thumbnail).count();
    }

    /** Every attempt for a picture of this run, of earlier runs over the same data too. */
    List<MeteredAttempt> attempts() {
        return pages.values().stream()
                .flatMap(page -> requestIds(page).stream().distinct())
                .flatMap(id -> metered.getOrDefault(id, List.of()).stream())
                .toList();
    }

    /** From the end of each upload of this run to the timestamp of its result, sorted. */
    List<Duration> latencies() {
        List<Duration> latencies = new ArrayList<>();
        for (Page page : pages.values()) {
            page.uploadedAt.ifPresent(uploaded ->
                    page.results.stream()
                            .map(DemoFact.Result::at)
                            .filter(at -> !at.isBefore(uploaded.minusSeconds(1)))
                            .findFirst()
                            .ifPresent(at -> latencies.add(between(uploaded, at))));
        }
        return latencies.stream().sorted().toList();
    }

    /** What is missing or too much, one line each; empty when every picture has all it shall. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Page page : pages.values()) {
            count(missing, page, "source event", page.seen.size(), page.eventsWanted);
            boolean broken = page.picture.broken();
            for (DemoFact.Seen event : page.seen) {
                outcome(missing, page, event);
            }
            if (!broken) {
                count(missing, page, "thumbnail that can be decoded", page.thumbnail ? 1 : 0, 1);
            }
        }
        return List.copyOf(missing);
    }

    private void outcome(List<String> missing, Page page, DemoFact.Seen event) {
        List<DemoFact.Result> results =
                page.results.stream().filter(r -> r.position().equals(event.position())).toList();
        List<DemoFact.DeadLetter> letters =
                page.deadLetters.stream()
                        .filter(d -> d.position().equals(event.position()))
                        .toList();
        int notifications =
                (int)
                        page.notifications.stream()
                                .filter(n -> n.position().equals(event.position()))
                                .count();
        // What a picture was before it was replaced may have been the other kind.
        boolean isLast = page.seen.getLast().equals(event);
        boolean broken = isLast ? page.picture.broken() : !letters.isEmpty();
        count(missing, page, "result", results.size(), broken ? 0 : 1);
        count(missing, page, "notification", notifications, broken ? 0 : 1);
        count(missing, page, "dead letter", letters.size(), broken ? 1 : 0);
        for (DemoFact.Result result : results) {
            count(missing, page, "metering entry", attempts(result.requestId()), 1);
        }
        for (DemoFact.DeadLetter letter : letters) {
            count(missing, page, "metering entry", attempts(letter.requestId()), letter.attempts());
            if (!Objects.equals(letter.value(), event.value())) {
                missing.add(page.picture.key() + ": the dead letter is not the original event");
            }
            if (letter.reason().isBlank()) {
                missing.add(page.picture.key() + ": the dead letter has no reason");
            }
        }
    }

    private int attempts(String requestId) {
        return metered.getOrDefault(requestId, List.of()).size();
    }

    private static void count(List<String> missing, Page page, String what, int found, int wanted) {
        if (found != wanted) {
            missing.add(page.picture.key() + ": " + found + " instead of " + wanted + " " + what);
        }
    }

    private static List<String> requestIds(Page page) {
        List<String> ids = new ArrayList<>();
        page.results.forEach(result -> ids.add(result.requestId()));
        page.deadLetters.forEach(letter -> ids.add(letter.requestId()));
        return ids;
    }

    private Optional<Page> page(String key) {
        return Optional.ofNullable(pages.get(key));
    }

    private static Duration between(Instant uploaded, Instant result) {
        Duration duration = Duration.between(uploaded, result);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
