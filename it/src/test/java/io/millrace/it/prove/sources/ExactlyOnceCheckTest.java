package io.millrace.it.prove.sources;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.it.prove.Check;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Feeds the judge each fault it is there for, and one history without any. */
class ExactlyOnceCheckTest {
    private static final List<Change> HAPPENED =
            List.of(
                    new Change("a", "1"),
                    new Change("b", "1"),
                    new Change("a", "2"),
                    new Change("a", "3"),
                    new Change("b", "2"));

    @Test
    void shouldPassWhenEveryChangeIsThereOnceInOrder() {
        assertThat(failed(HAPPENED)).isEmpty();
    }

    @Test
    void shouldPassWhenOnlyTheOrderBetweenKeysDiffers() {
        List<Change> found = new ArrayList<>(HAPPENED);
        Collections.swap(found, 0, 1);

        assertThat(failed(found)).isEmpty();
    }

    @Test
    void shouldFindWhatIsLost() {
        for (int lost = 0; lost < HAPPENED.size(); lost++) {
            List<Change> found = new ArrayList<>(HAPPENED);
            found.remove(lost);

            assertThat(failed(found)).containsExactly("nothing lost");
        }
    }

    @Test
    void shouldFindWhatIsThereTwice() {
        for (Change twice : HAPPENED) {
            List<Change> found = new ArrayList<>(HAPPENED);
            found.add(twice);

            assertThat(failed(found)).containsExactly("nothing twice");
        }
    }

    @Test
    void shouldFindWhatIsSwappedWithinAKey() {
        List<Change> found = new ArrayList<>(HAPPENED);
        Collections.swap(found, 2, 3);

        assertThat(failed(found)).containsExactly("in order within a key");
    }

    @Test
    void shouldFindWhatNeverHappened() {
        List<Change> found = new ArrayList<>(HAPPENED);
        found.add(new Change("c", "1"));

        assertThat(failed(found)).containsExactly("nothing from nowhere");
    }

    @Test
    void shouldFindWhatCameUnderAnotherKey() {
        List<Change> found = new ArrayList<>(HAPPENED);
        found.set(3, new Change("b", "3"));

        assertThat(failed(found)).containsExactly("nothing lost", "nothing from nowhere");
    }

    @Test
    void shouldRefuseToJudgeNothing() {
        assertThat(names(ExactlyOnceCheck.judge(List.of(), List.of())))
                .containsExactly("there is something to judge");
    }

    @Test
    void shouldRefuseToJudgeWhatCannotBeToldApart() {
        List<Change> same = List.of(HAPPENED.get(0), HAPPENED.get(0));

        assertThat(names(ExactlyOnceCheck.judge(same, same)))
                .contains("there is something to judge");
    }

    @Test
    void shouldFindAKeyInTwoPartitions() {
        List<TopicRecord> found = List.of(record(0, 0, "a", "id-1"), record(1, 0, "a", "id-2"));

        assertThat(names(judge(found))).containsExactly("one partition for a key");
    }

    @Test
    void shouldFindAnIdThatTwoEventsShare() {
        List<TopicRecord> found = List.of(record(0, 0, "a", "id-1"), record(0, 1, "a", "id-1"));

        assertThat(names(judge(found))).containsExactly("every event has an id of its own");
    }

    @Test
    void shouldFindAnEventWithoutId() {
        List<TopicRecord> found = List.of(record(0, 0, "a", ""));

        assertThat(names(judge(found))).contains("every event has an id of its own");
    }

    private static List<Check> judge(List<TopicRecord> found) {
        List<Change> expected = found.stream().map(ExactlyOnceCheckTest::reading).toList();
        return ExactlyOnceCheck.judge(expected, found, ExactlyOnceCheckTest::reading);
    }

    private static Change reading(TopicRecord record) {
        return new Change(record.key(), record.partition() + "-" + record.offset());
    }

    private static TopicRecord record(int partition, long offset, String key, String id) {
        Map<String, String> headers = id.isEmpty() ? Map.of() : Map.of("ce_id", id);
        return new TopicRecord(partition, offset, key, Payload.NULL, headers, 0);
    }

    private static List<String> failed(List<Change> found) {
        return names(ExactlyOnceCheck.judge(HAPPENED, found));
    }

    private static List<String> names(List<Check> checks) {
        return checks.stream().filter(check -> !check.passed()).map(Check::name).toList();
    }
}
