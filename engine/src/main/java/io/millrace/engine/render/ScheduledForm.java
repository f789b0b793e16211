package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * ScheduledEvent, of a ScheduleTick (EVT-21): the schedule is the rule, {@code time} when it was
 * due.
 *
 * <ul>
 *   <li>{@code detail} is the tick's payload if that is an object; any other payload stands in it
 *       as {@code {"payload": ...}}, as JSON or else as text; without one it is empty.
 *   <li>{@code id} is made from the event's identity; it is the item identifier too, although there
 *       is but one event.
 * </ul>
 */
record ScheduledForm(RenderSettings settings) implements Form {
    @Override
    public String name() {
        return "ScheduledEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable {
        Fields tick = record.fields();
        String id = record.identity().uuid().toString();
        String rule = tick.text("schedule");
        out.writeStartObject();
        out.writeStringField("version", "0");
        out.writeStringField("id", id);
        out.writeStringField("detail-type", "Scheduled Event");
        out.writeStringField("source", "aws.events");
        out.writeStringField("account", settings.account().accountId());
        out.writeStringField(
                "time",
                Times.seconds(
                        tick.time("dueAt")
                                .orElseThrow(() -> new Unrenderable("field 'dueAt' is missing"))));
        out.writeStringField("region", settings.account().region());
        out.writeArrayFieldStart("resources");
        out.writeString(settings.account().arn("events", "rule/" + rule));
        out.writeEndArray();
        out.writeFieldName("detail");
        Json.write(detail(tick.optionalText("payload")), out);
        out.writeEndObject();
        return id;
    }

    private static JsonNode detail(Optional<String> payload) {
        var nodes = JsonNodeFactory.instance;
        if (payload.isEmpty()) {
            return nodes.objectNode();
        }
        JsonNode content;
        try {
            content = Json.tree(payload.get());
        } catch (JsonProcessingException _) {
            content = nodes.textNode(payload.get());
        }
        if (content.isMissingNode()) {
            return nodes.objectNode();
        }
        return content.isObject() ? content : nodes.objectNode().set("payload", content);
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) {
        if (parts.size() != 1) {
            throw new IllegalArgumentException("a ScheduledEvent holds one tick");
        }
        return parts.getFirst().json().array();
    }
}
