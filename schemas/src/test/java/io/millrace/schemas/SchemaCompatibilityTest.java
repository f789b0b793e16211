package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The promise of the topics: what was ever written stays readable, and readers of any earlier form
 * read what is written now. The history grows by one file with every change of a schema.
 */
final class SchemaCompatibilityTest {
    static Stream<Path> current() {
        return AvroFiles.current().stream();
    }

    static Stream<Arguments> pairs() {
        return current()
                .flatMap(now -> AvroFiles.history(now).stream().map(old -> Arguments.of(now, old)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldReadEveryEarlierForm(Path current, Path earlier) {
        assertThat(canRead(AvroFiles.parse(current), AvroFiles.parse(earlier))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldBeReadByEveryEarlierForm(Path current, Path earlier) {
        assertThat(canRead(AvroFiles.parse(earlier), AvroFiles.parse(current))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("current")
    void shouldHaveTheCurrentFormAsTheNewestOfItsHistory(Path current) {
        List<Path> history = AvroFiles.history(current);

        Path newest = history.get(history.size() - 1);

        // toString includes documentation, which equals does not.
        assertThat(AvroFiles.parse(newest).toString())
                .as("after a change of %s add v%d.avsc to its history", current, history.size() + 1)
                .isEqualTo(AvroFiles.parse(current).toString());
    }

    @ParameterizedTest
    @MethodSource("current")
    void shouldCountTheHistoryFromOneWithoutGaps(Path current) {
        List<String> names =
                AvroFiles.history(current).stream().map(it -> it.getFileName().toString()).toList();

        assertThat(names)
                .isEqualTo(
                        Stream.iterate(1, it -> it + 1)
                                .limit(names.size())
                                .map(it -> "v" + it + ".avsc")
                                .toList());
    }

    @Test
    void shouldCatchAFieldWithoutDefault() {
        Schema before = record("{\"name\": \"a\", \"type\": \"int\"}");
        Schema after =
                record(
                        "{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"b\", \"type\": \"int\"}");

        assertThat(canRead(after, before)).isFalse();
    }

    @Test
    void shouldCatchARemovedFieldThatEarlierReadersNeed() {
        Schema before =
                record(
                        "{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"b\", \"type\": \"int\"}");
        Schema after = record("{\"name\": \"a\", \"type\": \"int\"}");

        assertThat(canRead(before, after)).isFalse();
    }

    @Test
    void shouldCatchAChangedType() {
        Schema before = record("{\"name\": \"a\", \"type\": \"int\"}");
        Schema after = record("{\"name\": \"a\", \"type\": \"string\"}");

        assertThat(canRead(after, before)).isFalse();
    }

    private static Schema record(String fields) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
    }

    private static boolean canRead(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }
}
