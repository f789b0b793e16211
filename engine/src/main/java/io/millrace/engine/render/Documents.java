package io.millrace.engine.render;

import io.millrace.engine.model.WindowInput;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the parts of records together to documents. */
final class Documents {
    private Documents() {}

    /** {"Records":[...]}. */
    static byte[] ofRecords(List<Form.Part> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(sizeOf(parts));
        text(out, "{\"Records\":");
        list(out, parts);
        text(out, "}");
        return out.toByteArray();
    }

    /** The same, with the window the records are of (WIN-2). */
    static byte[] ofWindow(
            List<Form.Part> parts, WindowInput window, String shardId, String sourceArn)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(sizeOf(parts));
        text(out, "{\"Records\":");
        list(out, parts);
        text(out, ",\"window\":{\"start\":");
        out.write(Json.quoted(Times.seconds(window.start())));
        text(out, ",\"end\":");
        out.write(Json.quoted(Times.seconds(window.end())));
        // The state was checked to be one object of JSON when it was answered.
        text(out, "},\"state\":" + window.state());
        text(out, ",\"shardId\":");
        out.write(Json.quoted(shardId));
        text(out, ",\"eventSourceARN\":");
        out.write(Json.quoted(sourceArn));
        text(out, ",\"isFinalInvokeForWindow\":" + window.isFinal());
        text(out, ",\"isWindowTerminatedEarly\":" + window.isTerminatedEarly() + "}");
        return out.toByteArray();
    }

    /** The records of Kafka under the partitions they come from. */
    static byte[] ofPartitions(List<Form.Part> parts, String bootstrapServers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(sizeOf(parts));
        text(out, "{\"eventSource\":\"SelfManagedKafka\",\"bootstrapServers\":");
        out.write(Json.quoted(bootstrapServers));
        text(out, ",\"records\":{");
        String comma = "";
        for (Map.Entry<String, List<Form.Part>> group : grouped(parts).entrySet()) {
            text(out, comma);
            out.write(Json.quoted(group.getKey()));
            text(out, ":");
            list(out, group.getValue());
            comma = ",";
        }
        text(out, "}}");
        return out.toByteArray();
    }

    private static Map<String, List<Form.Part>> grouped(List<Form.Part> parts) {
        Map<String, List<Form.Part>> groups = new LinkedHashMap<>();
        for (Form.Part part : parts) {
            groups.computeIfAbsent(part.partition().toString(), _ -> new ArrayList<>()).add(part);
        }
        return groups;
    }

    private static void list(ByteArrayOutputStream out, List<Form.Part> parts) {
        String comma = "[";
        for (Form.Part part : parts) {
            text(out, comma);
            out.writeBytes(part.json().array());
            comma = ",";
        }
        text(out, parts.isEmpty() ? "[]" : "]");
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int sizeOf(List<Form.Part> parts) {
        int size = 512;
        for (Form.Part part : parts) {
            size += part.json().size() + 1;
        }
        return size;
    }
}
