package io.millrace.it.prove.sources.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Feeds the judges each fault they are there for, and one history without any. */
final class TableChecksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<RowEvent> HAPPENED =
            List.of(
                    event(
                            "READ",
                            "orders",
                            "1",
                            "",
                            "{\"id\":1,\"note\":\"a\",\"at\":\"x\"}",
                            "01 "),
                    event("INSERT", "items", "2", "", "{\"photo\":\"p\",\"version\":1}", "02 t1"),
                    event("MODIFY", "items", "2", "", "{\"version\":2}", "03 t1", "after.photo"),
                    event("INSERT", "items", "3", "", "{\"photo\":\"q\",\"version\":3}", "04 t2"),
                    event(
                            "REMOVE",
                            "items",
                            "3",
                            "{\"id\":3}",
                            "",
                            "05 t2",
                            "before.photo",
                            "before.version"),
                    event(
                            "MODIFY",
                            "orders",
                            "1",
                            "",
                            "{\"id\":1,\"remark\":\"b\",\"colour\":\"red\",\"at\":\"x\"}",
                            "06 t3"),
                    event("INSERT", "orders", "4", "", "{\"id\":4,\"remark\":null}", "07 t3"));
    private static final Map<String, Map<String, Map<String, String>>> TABLES =
            Map.of(
                    "orders",
                    Map.of(
                            "1", Map.of("id", "1", "remark", "b", "colour", "red"),
                            "4", Map.of("id", "4", "remark", "null", "colour", "red")),
                    "items",
                    Map.of("2", Map.of("photo", "p", "version", "2")));

    @Test
    void shouldPassWhenAllIsAsItHappened() {
        assertThat(TableChecks.sameState(HAPPENED, TABLES).passed()).isTrue();
        assertThat(TableChecks.growingPositions(HAPPENED).passed()).isTrue();
        assertThat(TableChecks.transactions(HAPPENED, 3).passed()).isTrue();
        assertThat(TableChecks.nothingMadeUp(HAPPENED).passed()).isTrue();
        assertThat(TableChecks.schemaChanges(HAPPENED).passed()).isTrue();
    }

    @Test
    void shouldFindEveryEventThatIsMissingFromTheState() {
        for (int lost : List.of(1, 2, 4, 5, 6)) {
            List<RowEvent> found = new ArrayList<>(HAPPENED);
            found.remove(lost);

            assertThat(TableChecks.sameState(found, TABLES).passed())
                    .as("without " + lost)
                    .isFalse();
        }
    }

    @Test
    void shouldFindChangesThatAreSwapped() {
        List<RowEvent> found = new ArrayList<>(HAPPENED);
        Collections.swap(found, 3, 4);

        assertThat(TableChecks.sameState(found, TABLES).passed()).isFalse();
        assertThat(TableChecks.growingPositions(found).passed()).isFalse();
    }

    @Test
    void shouldFindAPositionThatStandsStill() {
        List<RowEvent> found = new ArrayList<>(HAPPENED);
        found.add(HAPPENED.getLast());

        assertThat(TableChecks.growingPositions(found).passed()).isFalse();
    }

    @Test
    void shouldFindATransactionThatIsNotNamed() {
        assertThat(TableChecks.transactions(HAPPENED, 4).passed()).isFalse();
    }

    @Test
    void shouldFindColumnsThatAreMadeUp() {
        List<RowEvent> found = new ArrayList<>(HAPPENED);
        found.set(4, event("REMOVE", "items", "3", "{\"id\":3,\"photo\":\"\"}", "", "05 t2"));

        assertThat(TableChecks.nothingMadeUp(found).passed()).isFalse();
        assertThat(TableChecks.nothingMadeUp(List.of()).passed()).isFalse();
    }

    @Test
    void shouldFindASchemaChangeThatDoesNotAppear() {
        assertThat(TableChecks.schemaChanges(HAPPENED.subList(0, 5)).passed()).isFalse();
        assertThat(TableChecks.schemaChanges(HAPPENED.subList(0, 6)).passed()).isFalse();
    }

    /** An event; its place is the position and the transaction. */
    private static RowEvent event(
            String operation,
            String table,
            String keys,
            String before,
            String after,
            String place,
            String... unknown) {
        String[] parts = place.split(" ", -1);
        return new RowEvent(
                table,
                operation,
                keys,
                json(before),
                json(after),
                parts[0],
                parts[1],
                List.of(unknown));
    }

    private static JsonNode json(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
