package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * DynamodbEvent, of a TableChange (EVT-3, EVT-4).
 *
 * <ul>
 *   <li>INSERT, MODIFY and REMOVE are what they are; READ, a row of the initial snapshot, is an
 *       INSERT.
 *   <li>{@code StreamViewType} says which images the change could have: an image that the database
 *       does not tell makes it NEW_IMAGE, OLD_IMAGE or KEYS_ONLY.
 *   <li>{@code SequenceNumber}, which is the item identifier, is the offset in 21 digits: it grows
 *       within the shard.
 *   <li>The name of the table stands in the ARN without its database and schema; the stream in it
 *       is that of 1970. Position and transaction in the database's log have no place.
 *   <li>{@code SizeBytes} counts names and values of keys and images, as DynamoDB does.
 * </ul>
 */
record DynamodbForm(RenderSettings settings) implements Form {
    private static final int DIGITS = 21;

    @Override
    public String name() {
        return "DynamodbEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable {
        Fields change = record.fields();
        String table = change.text("table");
        String eventName = eventName(change.text("operation"));
        out.writeStartObject();
        out.writeStringField("eventID", record.identity().hex());
        out.writeStringField("eventName", eventName);
        out.writeStringField("eventVersion", "1.1");
        out.writeStringField("eventSource", "aws:dynamodb");
        out.writeStringField("awsRegion", settings.account().region());
        out.writeFieldName("dynamodb");
        writeChange(record, change, eventName, out);
        out.writeStringField("eventSourceARN", arn(table));
        out.writeEndObject();
        return Long.toString(record.offset());
    }

    private static void writeChange(
            SourceRecord record, Fields change, String eventName, JsonGenerator out)
            throws IOException, Unrenderable {
        Instant time = record.time(change.time("changedAt"));
        Optional<JsonNode> after = row(change, "after");
        Optional<JsonNode> before = row(change, "before");
        out.writeStartObject();
        out.writeNumberField("ApproximateCreationDateTime", time.getEpochSecond());
        JsonNode keys =
                row(change, "keys").orElseThrow(() -> new Unrenderable("field 'keys' is missing"));
        out.writeFieldName("Keys");
        long size = AttributeValues.writeItem("keys", keys, out);
        if (after.isPresent()) {
            out.writeFieldName("NewImage");
            size += AttributeValues.writeItem("after", after.get(), out);
        }
        if (before.isPresent()) {
            out.writeFieldName("OldImage");
            size += AttributeValues.writeItem("before", before.get(), out);
        }
        out.writeStringField("SequenceNumber", record.sequenceNumber(DIGITS));
        out.writeNumberField("SizeBytes", size);
        out.writeStringField(
                "StreamViewType",
                viewType(
                        after.isPresent() || eventName.equals("REMOVE"),
                        before.isPresent() || eventName.equals("INSERT")));
        out.writeEndObject();
    }

    private static String eventName(String operation) throws Unrenderable {
        return switch (operation) {
            case "INSERT", "READ" -> "INSERT";
            case "MODIFY" -> "MODIFY";
            case "REMOVE" -> "REMOVE";
            default ->
                    throw new Unrenderable(
                            "field 'operation' is none that DynamoDB has; allowed: INSERT, MODIFY,"
                                    + " REMOVE, READ");
        };
    }

    private static Optional<JsonNode> row(Fields change, String name) throws Unrenderable {
        Optional<String> text = change.optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        JsonNode row;
        try {
            row = Json.tree(text.get());
        } catch (JsonProcessingException _) {
            throw new Unrenderable("field '" + name + "' is not JSON");
        }
        if (!row.isObject()) {
            throw new Unrenderable("field '" + name + "' is not an object of JSON");
        }
        return Optional.of(row);
    }

    private static String viewType(boolean knowsNew, boolean knowsOld) {
        if (knowsNew) {
            return knowsOld ? "NEW_AND_OLD_IMAGES" : "NEW_IMAGE";
        }
        return knowsOld ? "OLD_IMAGE" : "KEYS_ONLY";
    }

    private String arn(String table) {
        return settings.account()
                .arn("dynamodb", "table/" + table + "/stream/1970-01-01T00:00:00.000");
    }

    /** A window may hold changes of several tables, or none at its end: it names the topic. */
    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) throws IOException {
        return window.isEmpty()
                ? Documents.ofRecords(parts)
                : Documents.ofWindow(
                        parts,
                        window.get(),
                        Shards.of(parts, window.get()),
                        arn(settings.sourceTopic()));
    }
}
