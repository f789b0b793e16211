package io.millrace.engine.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.app.TopicChanges.Verdict;
import io.millrace.engine.app.TopicWatch.Finding;
import io.millrace.engine.delivery.ParkingLimits;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

final class TopicChangesTest {
    private static final TopicFacts SOURCE =
            new TopicFacts(TriggerStart.SOURCE_ROLE, new Uuid(1, 1), 4);
    private static final TopicFacts TARGET = new TopicFacts("target topic", new Uuid(1, 2), 4);

    private final TopicChanges changes = new TopicChanges();

    @BeforeEach
    void begin() {
        changes.began(
                new Prepared(
                        Map.of("out", 1),
                        Map.of(
                                "in",
                                SOURCE,
                                "out",
                                TARGET,
                                "log",
                                TopicFacts.expected("changelog")),
                        4,
                        ParkingLimits.DEFAULT,
                        false));
    }

    @Test
    void shouldFindNothingWhenNothingHasChanged() {
        assertThat(compare(Map.of("in", present(SOURCE), "out", present(TARGET))))
                .isEqualTo(new Verdict.Fine());
    }

    @Test
    void shouldTakeATopicForGoneOnlyTheSecondTime() {
        Map<String, Finding> found = Map.of("in", present(SOURCE), "out", new Finding.Missing());

        assertThat(compare(found)).isEqualTo(new Verdict.Fine());
        assertThat(compare(found))
                .isEqualTo(
                        new Verdict.Broken(
                                "target topic 'out' does not exist; the trigger starts when it"
                                        + " does"));
    }

    @Test
    void shouldForgetThatATopicWasMissedWhenItIsThere() {
        Map<String, Finding> gone = Map.of("out", new Finding.Missing());

        compare(gone);
        compare(Map.of("out", present(TARGET)));

        assertThat(compare(gone)).isEqualTo(new Verdict.Fine());
    }

    @Test
    void shouldNoticeATopicThatWasMadeAnew() {
        var other = new TopicFacts("", new Uuid(9, 9), 4);

        assertThat(compare(Map.of("in", present(other))))
                .isEqualTo(new Verdict.Broken("source topic 'in' was made anew"));
    }

    @Test
    void shouldNoticeNewPartitionsOfTheSourceAlone() {
        var grown = new TopicFacts("", SOURCE.id(), 8);

        assertThat(compare(Map.of("in", present(grown))))
                .isEqualTo(new Verdict.Grown("source topic 'in' has 8 partitions, up from 4"));
        assertThat(compare(Map.of("out", present(new TopicFacts("", TARGET.id(), 8)))))
                .isEqualTo(new Verdict.Fine());
    }

    @Test
    void shouldWaitForTheChangelogThatStreamsIsGoingToMakeAndKeepAnEyeOnItThen() {
        Map<String, Finding> missing = Map.of("log", new Finding.Missing());
        compare(missing);
        assertThat(compare(missing)).isEqualTo(new Verdict.Fine());

        compare(Map.of("log", present(new TopicFacts("", new Uuid(5, 5), 4))));

        compare(missing);
        assertThat(compare(missing)).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void shouldTellTheWorst() {
        assertThat(
                        compare(
                                Map.of(
                                        "in",
                                        present(new TopicFacts("", new Uuid(9, 9), 4)),
                                        "out",
                                        new Finding.Unknown("no answer"))))
                .isInstanceOf(Verdict.Broken.class);
        assertThat(compare(Map.of("out", new Finding.Unknown("no answer"))))
                .isEqualTo(new Verdict.Unknown("no answer"));
    }

    @Test
    void shouldMissTheChangelogOfATriggerThatRunsAlthoughNobodyHasSeenIt() {
        Map<String, Finding> missing = Map.of("log", new Finding.Missing());

        assertThat(changes.compare(missing, true)).isEqualTo(new Verdict.Fine());
        assertThat(changes.compare(missing, true)).isInstanceOf(Verdict.Broken.class);
    }

    private Verdict compare(Map<String, Finding> found) {
        return changes.compare(found, false);
    }

    private static Finding present(TopicFacts facts) {
        return new Finding.Present(new TopicFacts("", facts.id(), facts.partitions()));
    }
}
