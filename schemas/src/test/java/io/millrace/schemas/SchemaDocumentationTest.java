package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

final class SchemaDocumentationTest {
    static Stream<Path> current() {
        return AvroFiles.current().stream();
    }

    @ParameterizedTest
    @MethodSource("current")
    void shouldDocumentEveryRecordFieldAndEnum(Path file) {
        assertThat(undocumented(AvroFiles.parse(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("current")
    void shouldNameTheFileAfterTheSchemaInOurNamespace(Path file) {
        assertThat(AvroFiles.parse(file).getFullName() + ".avsc")
                .isEqualTo("io.millrace.schemas." + file.getFileName());
    }

    @Test
    void shouldFindWhatIsNotDocumented() {
        Schema schema =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "R", "fields": [
                                  {"name": "a", "type": "int"},
                                  {"name": "b", "doc": "b", "type": ["null",
                                    {"type": "array", "items":
                                      {"type": "enum", "name": "E", "symbols": ["X"]}}]}]}
                                """);

        assertThat(undocumented(schema)).containsExactly("R", "R.a", "E");
    }

    private static List<String> undocumented(Schema schema) {
        List<String> found = new ArrayList<>();
        collect(schema, found);
        return found;
    }

    private static void collect(Schema schema, List<String> found) {
        switch (schema.getType()) {
            case RECORD -> {
                note(schema.getFullName(), schema.getDoc(), found);
                for (Schema.Field field : schema.getFields()) {
                    note(schema.getFullName() + "." + field.name(), field.doc(), found);
                    collect(field.schema(), found);
                }
            }
            case ENUM, FIXED -> note(schema.getFullName(), schema.getDoc(), found);
            case UNION -> schema.getTypes().forEach(type -> collect(type, found));
            case ARRAY -> collect(schema.getElementType(), found);
            case MAP -> collect(schema.getValueType(), found);
            case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    private static void note(String name, String doc, List<String> found) {
        if (doc == null || doc.isBlank()) {
            found.add(name);
        }
    }
}
