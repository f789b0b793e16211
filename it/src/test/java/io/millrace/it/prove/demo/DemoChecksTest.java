package io.millrace.it.prove.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.it.prove.Check;
import io.millrace.it.prove.demo.DemoSurvey.Attempt;
import io.millrace.it.prove.demo.DemoSurvey.Outcomes;
import io.millrace.it.prove.demo.DemoSurvey.Progress;
import io.millrace.it.prove.demo.DemoSurvey.Seen;
import io.millrace.it.prove.demo.Photograph.Size;
import io.millrace.schemas.EventHeaders;

import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.imageio.ImageIO;

/** Every fault a survey can show has to make a check fail: here are the faults. */
class DemoChecksTest {
    private static final List<Photograph> PHOTOGRAPHS =
            List.of(
                    new Photograph("lake.png", new Size(1600, 900), false),
                    new Photograph("dog.jpg", new Size(600, 900), false),
                    new Photograph("broken.jpg", new Size(0, 0), true));
    private static final Payload VALUE = Payload.of("an event");

    private final List<Seen> events =
            List.of(
                    event("photos-0-0", "lake.png"),
                    event("photos-0-1", "dog.jpg"),
                    event("photos-1-0", "broken.jpg"));
    private final List<Seen> results =
            List.of(
                    outcome("photos-thumbnails-0-0", events.get(0)),
                    outcome("photos-thumbnails-0-2", events.get(1)));
    private final List<Seen> notifications =
            List.of(
                    outcome("notifications-0-0", events.get(0)),
                    outcome("notifications-0-2", events.get(1)));
    private final List<Seen> deadLetters = List.of(letter(VALUE, "photos/broken.jpg", "broken"));
    private final List<Attempt> attempts =
            List.of(
                    new Attempt("r-photos-0-0", "photos-0-0", 1, "SUCCEEDED"),
                    new Attempt("r-photos-0-1", "photos-0-1", 1, "SUCCEEDED"),
                    new Attempt("r-photos-1-0", "photos-1-0", 1, "FAILED"));
    private final Map<String, Payload> thumbnails =
            Map.of("lake.jpg", jpeg(320, 180), "dog.jpg", jpeg(213, 320));

    @Test
    void shouldPassWhenEverythingIsThereOnce() {
        assertThat(failed(survey(results, notifications, deadLetters, attempts, thumbnails)))
                .isEmpty();
    }

    @Test
    void shouldCatchADuplicateResult() {
        List<Seen> twice = with(results, outcome("photos-thumbnails-0-4", events.get(0)));

        assertThat(failed(survey(twice, notifications, deadLetters, attempts, thumbnails)))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).contains("one result");
                    assertThat(check.found()).isEqualTo("lake.png: 2 instead of 1");
                });
    }

    @Test
    void shouldCatchAMissingResultAndAMissingNotification() {
        assertThat(names(survey(results.subList(1, 2), notifications, deadLetters, attempts)))
                .contains("each good picture has one result, a broken one none");
        assertThat(names(survey(results, notifications.subList(0, 1), deadLetters, attempts)))
                .containsExactly("each good picture has one notification, a broken one none");
    }

    @Test
    void shouldCatchAResultOfABrokenPictureAndOneOfNoEvent() {
        Seen ofBroken = outcome("photos-thumbnails-0-4", events.get(2));
        assertThat(names(survey(with(results, ofBroken), notifications, deadLetters, attempts)))
                .containsExactly("each good picture has one result, a broken one none");

        Seen ofNothing = outcome("photos-thumbnails-0-4", event("photos-3-77", "lake.png"));
        assertThat(names(survey(with(results, ofNothing), notifications, deadLetters, attempts)))
                .contains("each good picture has one result, a broken one none");
    }

    @Test
    void shouldCatchAResultUnderAnotherKey() {
        Seen right = results.get(0);
        Seen wrong =
                new Seen(
                        right.position(),
                        Payload.of("photos/dog.jpg"),
                        right.value(),
                        right.headers(),
                        right.at());

        assertThat(
                        names(
                                survey(
                                        List.of(wrong, results.get(1)),
                                        notifications,
                                        deadLetters,
                                        attempts)))
                .containsExactly("results have the keys of their events");
    }

    @Test
    void shouldCatchAMissingASecondAndAForeignMeteringEntry() {
        for (List<Attempt> wrong :
                List.of(
                        attempts.subList(1, 3),
                        with(attempts, attempts.get(0)),
                        with(attempts, new Attempt("r", "photos-0-1", 2, "SUCCEEDED")),
                        with(attempts, new Attempt("r", "photos-3-9", 1, "SUCCEEDED")))) {
            assertThat(names(survey(results, notifications, deadLetters, wrong)))
                    .as(wrong.toString())
                    .containsExactly("each attempt is metered once");
        }
    }

    @Test
    void shouldCatchADeadLetterWithOneByteChanged() {
        assertThat(
                        names(
                                survey(
                                        results,
                                        notifications,
                                        List.of(
                                                letter(
                                                        Payload.of("an Event"),
                                                        "photos/broken.jpg",
                                                        "broken")),
                                        attempts)))
                .containsExactly("dead letters are their events, byte for byte");
        assertThat(
                        names(
                                survey(
                                        results,
                                        notifications,
                                        List.of(letter(VALUE, "photos/broken.jpG", "broken")),
                                        attempts)))
                .containsExactly("dead letters are their events, byte for byte");
    }

    @Test
    void shouldCatchAMissingASecondAndASilentDeadLetter() {
        assertThat(names(survey(results, notifications, List.of(), attempts)))
                .contains("each broken picture has one dead letter, a good one none");
        assertThat(
                        names(
                                survey(
                                        results,
                                        notifications,
                                        with(deadLetters, deadLetters.get(0)),
                                        attempts)))
                .contains("each broken picture has one dead letter, a good one none");
        assertThat(
                        names(
                                survey(
                                        results,
                                        notifications,
                                        List.of(letter(VALUE, "photos/broken.jpg", "")),
                                        attempts)))
                .containsExactly("dead letters say why");
    }

    @Test
    void shouldCatchAThumbnailThatIsMissingOrHasTheWrongSizeOrDoesNotDecode() {
        for (Map<String, Payload> wrong :
                List.of(
                        Map.of("dog.jpg", jpeg(213, 320)),
                        Map.of("lake.jpg", jpeg(320, 180), "dog.jpg", jpeg(320, 213)),
                        Map.of("lake.jpg", jpeg(319, 180), "dog.jpg", jpeg(213, 320)),
                        Map.of("lake.jpg", jpeg(320, 170), "dog.jpg", jpeg(213, 320)),
                        Map.of("lake.jpg", Payload.of("no picture"), "dog.jpg", jpeg(213, 320)),
                        Map.of(
                                "lake.jpg",
                                jpeg(320, 180),
                                "dog.jpg",
                                jpeg(213, 320),
                                "broken.jpg",
                                jpeg(320, 320)))) {
            assertThat(failed(survey(results, notifications, deadLetters, attempts, wrong)))
                    .as(wrong.toString())
                    .extracting(Check::name)
                    .containsExactly("thumbnails decode and have the right size");
        }
    }

    @Test
    void shouldCatchASecondEventOfAPictureAndAnEventOfNoPicture() {
        DemoSurvey good = survey(results, notifications, deadLetters, attempts, thumbnails);

        assertThat(failed(withEvents(good, all -> with(all, event("photos-2-0", "dog.jpg")))))
                .extracting(Check::name)
                .contains("each picture has one event");
        assertThat(failed(withEvents(good, all -> with(all, event("photos-2-0", "cat.jpg")))))
                .extracting(Check::name)
                .contains("each picture has one event");
        assertThat(failed(withEvents(good, all -> all.subList(1, 3))))
                .extracting(Check::name)
                .contains("each picture has one event");
    }

    @Test
    void shouldCatchAPictureThatWasHandledTwiceBecauseItsEventCameTwice() {
        Seen again = event("photos-2-0", "dog.jpg");
        DemoSurvey twice =
                withEvents(
                        survey(
                                with(results, outcome("photos-thumbnails-0-4", again)),
                                with(notifications, outcome("notifications-0-4", again)),
                                deadLetters,
                                with(attempts, new Attempt("r-photos-2-0", "photos-2-0", 1, "S"))),
                        all -> with(all, again));

        assertThat(failed(twice))
                .extracting(Check::name)
                .containsExactly(
                        "each picture has one event",
                        "each good picture has one result, a broken one none",
                        "each good picture has one notification, a broken one none");
    }

    @Test
    void shouldCatchLagAndASourceThatDoesNotRun() {
        DemoSurvey good = survey(results, notifications, deadLetters, attempts, thumbnails);
        DemoSurvey behind =
                new DemoSurvey(
                        good.events(),
                        good.outcomes(),
                        good.attempts(),
                        good.uploads(),
                        good.thumbnails(),
                        List.of(new Progress(0, 1, 3, 1)),
                        "FAILED");

        assertThat(failed(behind))
                .extracting(Check::name)
                .containsExactly("the source runs", "the trigger has no lag");
    }

    @Test
    void shouldCatchWhatASecondRunAdds() {
        DemoSurvey before = survey(results, notifications, deadLetters, attempts, thumbnails);
        DemoSurvey uploaded =
                new DemoSurvey(
                        before.events(),
                        before.outcomes(),
                        before.attempts(),
                        Map.of("lake.png", "\"tag\" later"),
                        before.thumbnails(),
                        before.progress(),
                        before.sourceState());

        assertThat(DemoChecks.same(before, before).passed()).isTrue();
        assertThat(DemoChecks.same(before, uploaded).found()).contains("uploads");
        assertThat(
                        DemoChecks.same(
                                        before,
                                        survey(
                                                with(results, outcome("x-0-9", events.get(0))),
                                                notifications,
                                                deadLetters,
                                                attempts,
                                                thumbnails))
                                .passed())
                .isFalse();
    }

    private static List<Check> failed(DemoSurvey survey) {
        return DemoChecks.of(PHOTOGRAPHS, survey).stream()
                .filter(check -> !check.passed())
                .toList();
    }

    private static List<String> names(DemoSurvey survey) {
        return failed(survey).stream().map(Check::name).toList();
    }

    private DemoSurvey survey(
            List<Seen> results, List<Seen> told, List<Seen> letters, List<Attempt> metered) {
        return survey(results, told, letters, metered, thumbnails);
    }

    private DemoSurvey survey(
            List<Seen> results,
            List<Seen> told,
            List<Seen> letters,
            List<Attempt> metered,
            Map<String, Payload> small) {
        return new DemoSurvey(
                events,
                new Outcomes(results, told, letters),
                metered,
                Map.of("lake.png", "\"tag\" earlier"),
                small,
                List.of(new Progress(0, 3, 3, 0)),
                "RUNNING");
    }

    private static DemoSurvey withEvents(DemoSurvey survey, UnaryOperator<List<Seen>> change) {
        return new DemoSurvey(
                change.apply(survey.events()),
                survey.outcomes(),
                survey.attempts(),
                survey.uploads(),
                survey.thumbnails(),
                survey.progress(),
                survey.sourceState());
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> all = new ArrayList<>(list);
        all.add(more);
        return all;
    }

    private static Seen event(String position, String key) {
        return new Seen(
                position,
                Payload.of("photos/" + key),
                VALUE,
                List.of(Header.of(EventHeaders.CE_ID, position)),
                Instant.EPOCH);
    }

    private static Seen outcome(String position, Seen event) {
        return new Seen(
                position, event.key(), Payload.of("{}"), facts(event.position()), Instant.EPOCH);
    }

    private static Seen letter(Payload value, String key, String message) {
        List<Header> headers = new ArrayList<>();
        headers.add(Header.of(EventHeaders.CE_ID, "photos-1-0"));
        headers.addAll(facts("photos-1-0"));
        headers.add(Header.of(EventHeaders.CONDITION, "not-retryable"));
        headers.add(Header.of(EventHeaders.ERROR_TYPE, "NonRetryable"));
        headers.add(Header.of(EventHeaders.ERROR_MESSAGE, message));
        return new Seen("photos-failed-0-0", Payload.of(key), value, headers, Instant.EPOCH);
    }

    private static List<Header> facts(String source) {
        return List.of(
                Header.of(EventHeaders.SOURCE, source),
                Header.of(EventHeaders.REQUEST_ID, "r-" + source),
                Header.of(EventHeaders.ATTEMPT, "1"));
    }

    private static Payload jpeg(int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            boolean written =
                    ImageIO.write(
                            new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB),
                            "jpg",
                            out);
            assertThat(written).isTrue();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Payload.of(out.toByteArray());
    }
}
