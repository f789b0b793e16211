package io.millrace.engine.dev.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.model.Payload;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

final class DemoLedgerTest {
    private static final Instant UPLOADED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Payload EVENT = Payload.of("event");

    private final DemoLedger ledger =
            new DemoLedger(
                    List.of(
                            new Picture("good.jpg", Path.of("good.jpg"), 10, false),
                            new Picture("bad.jpg", Path.of("bad.jpg"), 10, true)));

    @Test
    void shouldMissEverythingWhenNothingHappened() {
        assertThat(ledger.missing())
                .containsExactly(
                        "good.jpg: 0 instead of 1 source event",
                        "good.jpg: 0 instead of 1 thumbnail that can be decoded",
                        "bad.jpg: 0 instead of 1 source event");
    }

    @Test
    void shouldMissNothingWhenEveryPictureHasAllItShallHave() {
        complete();

        assertThat(ledger.missing()).isEmpty();
        assertThat(ledger.latencies()).containsExactly(Duration.ofMillis(250));
    }

    @Test
    void shouldTellOfAResultThatCameTwice() {
        complete();

        note(result("photos-0-0", "r1"));

        assertThat(ledger.missing()).contains("good.jpg: 2 instead of 1 result");
    }

    @Test
    void shouldTellOfAMeteringEntryThatCameTwice() {
        complete();

        note(metered("r1"));

        assertThat(ledger.missing()).containsExactly("good.jpg: 2 instead of 1 metering entry");
    }

    @Test
    void shouldTellOfAnEventThatWasReadTwiceFromTheBucket() {
        complete();

        note(new DemoFact.Seen("good.jpg", "photos-0-9", EVENT));

        assertThat(ledger.missing()).contains("good.jpg: 2 instead of 1 source event");
    }

    @Test
    void shouldTellOfADeadLetterThatIsNotTheOriginalOrHasNoReason() {
        completeGood();
        note(new DemoFact.Seen("bad.jpg", "photos-0-1", EVENT));
        note(metered("r2"));

        note(
                new DemoFact.DeadLetter(
                        "bad.jpg", "photos-0-1", "r2", 1, " ", Payload.of("something else")));

        assertThat(ledger.missing())
                .containsExactly(
                        "bad.jpg: the dead letter is not the original event",
                        "bad.jpg: the dead letter has no reason");
    }

    @Test
    void shouldTellOfAPictureThatBecameADeadLetterAlthoughItIsGood() {
        completeGood();

        note(new DemoFact.DeadLetter("good.jpg", "photos-0-0", "r1", 1, "reason", EVENT));

        assertThat(ledger.missing()).contains("good.jpg: 1 instead of 0 dead letter");
    }

    @Test
    void shouldWantOneMoreEventWhenAPictureIsReplaced() {
        complete();

        ledger.uploaded("good.jpg", UPLOADED);

        assertThat(ledger.missing()).containsExactly("good.jpg: 1 instead of 2 source event");
    }

    @Test
    void shouldLeaveOutPicturesOfOtherRuns() {
        complete();

        boolean ours = ledger.note(new DemoFact.Notification("other.jpg", "photos-0-7"));

        assertThat(ours).isFalse();
        assertThat(ledger.missing()).isEmpty();
    }

    private void complete() {
        completeGood();
        note(new DemoFact.Seen("bad.jpg", "photos-0-1", EVENT));
        note(new DemoFact.DeadLetter("bad.jpg", "photos-0-1", "r2", 1, "reason", EVENT));
        note(metered("r2"));
    }

    private void completeGood() {
        ledger.uploaded("good.jpg", UPLOADED);
        note(new DemoFact.Seen("good.jpg", "photos-0-0", EVENT));
        note(result("photos-0-0", "r1"));
        note(new DemoFact.Notification("good.jpg", "photos-0-0"));
        note(metered("r1"));
        ledger.thumbnail("good.jpg");
    }

    private void note(DemoFact fact) {
        assertThat(ledger.note(fact)).isTrue();
    }

    private static DemoFact result(String position, String requestId) {
        return new DemoFact.Result("good.jpg", position, requestId, UPLOADED.plusMillis(250));
    }

    private static DemoFact metered(String requestId) {
        return new DemoFact.Metered(
                new MeteredAttempt(
                        new MeteredAttempt.Where("thumbnail", "1", "t", "n", "photos-0", 0),
                        requestId,
                        1,
                        1,
                        UPLOADED,
                        new MeteredAttempt.Usage(
                                Duration.ofMillis(9), Duration.ofMillis(10), 512, Duration.ZERO),
                        "SUCCEEDED"));
    }
}
