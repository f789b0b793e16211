package io.millrace.connectors.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A row as a JSON object, the columns in the table's order.
 *
 * @param text the object
 * @param unknown columns that are left out of it because the database did not tell them
 */
record RowJson(String text, List<String> unknown) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The row without those columns, and without those that are marked as not told. */
    static RowJson of(
            Struct row, Set<String> leftOut, UnavailableValues unavailable, ColumnText columns) {
        StringWriter text = new StringWriter();
        List<String> unknown = new ArrayList<>();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            for (Field field : row.schema().fields()) {
                // Struct.get would give the default of the schema for null.
                Object value = row.getWithoutDefault(field.name());
                if (leftOut.contains(field.name())
                        || (value != null && unavailable.contain(value))) {
                    unknown.add(field.name());
                } else {
                    write(json, field, value, columns);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RowJson(text.toString(), List.copyOf(unknown));
    }

    private static void write(
            JsonGenerator json,
            Field field,
            @org.jspecify.annotations.Nullable Object value,
            ColumnText columns)
            throws IOException {
        json.writeFieldName(field.name());
        try {
            columns.write(json, field.schema(), value);
        } catch (UnmappableChangeException e) {
            throw new UnmappableChangeException(
                    "Column '" + field.name() + "' cannot be told: " + e.getMessage(), e);
        }
    }
}
