package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.WindowInput;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * S3Event, of an ObjectEvent (EVT-9, EVT-10).
 *
 * <ul>
 *   <li>CREATED and OVERWRITTEN are {@code ObjectCreated:Put}: S3 has one word for both. DELETED is
 *       {@code ObjectRemoved:Delete}, with neither size nor eTag.
 *   <li>{@code sequencer} is the offset: events of one key lie in one partition, so it grows.
 *   <li>{@code configurationId} is the trigger. Who changed the object, and from where, is not
 *       known: {@code principalId} is the account, {@code sourceIPAddress} 127.0.0.1.
 *   <li>The request ids are made from the event's identity; {@code x-amz-request-id} is its item
 *       identifier, since S3 has none of its own.
 * </ul>
 */
record S3Form(RenderSettings settings) implements Form {
    @Override
    public String name() {
        return "S3Event";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable {
        Fields event = record.fields();
        String hex = record.identity().hex();
        String requestId = hex.substring(0, 16).toUpperCase(Locale.ROOT);
        AwsAccount account = settings.account();
        boolean isDeleted = isDeleted(event);
        out.writeStartObject();
        out.writeStringField("eventVersion", "2.1");
        out.writeStringField("eventSource", "aws:s3");
        out.writeStringField("awsRegion", event.optionalText("region").orElse(account.region()));
        out.writeStringField("eventTime", Times.millis(record.time(event.time("lastModified"))));
        out.writeStringField("eventName", isDeleted ? "ObjectRemoved:Delete" : "ObjectCreated:Put");
        writePrincipal(out, "userIdentity");
        out.writeObjectFieldStart("requestParameters");
        out.writeStringField("sourceIPAddress", "127.0.0.1");
        out.writeEndObject();
        out.writeObjectFieldStart("responseElements");
        out.writeStringField("x-amz-request-id", requestId);
        out.writeStringField("x-amz-id-2", Texts.base64(hex.getBytes(StandardCharsets.US_ASCII)));
        out.writeEndObject();
        out.writeObjectFieldStart("s3");
        out.writeStringField("s3SchemaVersion", "1.0");
        out.writeStringField("configurationId", settings.trigger().value());
        writeBucket(event.text("bucket"), out);
        writeObject(record, event, isDeleted, out);
        out.writeEndObject();
        out.writeEndObject();
        return requestId;
    }

    private static boolean isDeleted(Fields event) throws Unrenderable {
        return switch (event.text("kind")) {
            case "CREATED", "OVERWRITTEN" -> false;
            case "DELETED" -> true;
            default ->
                    throw new Unrenderable(
                            "field 'kind' is of no kind that S3 has; allowed: CREATED,"
                                    + " OVERWRITTEN, DELETED");
        };
    }

    private void writeBucket(String bucket, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("bucket");
        out.writeStringField("name", bucket);
        writePrincipal(out, "ownerIdentity");
        out.writeStringField("arn", settings.account().arn("s3", "", "", bucket));
        out.writeEndObject();
    }

    private static void writeObject(
            SourceRecord record, Fields event, boolean isDeleted, JsonGenerator out)
            throws IOException, Unrenderable {
        out.writeObjectFieldStart("object");
        out.writeStringField("key", encoded(event.text("key")));
        if (!isDeleted) {
            out.writeNumberField("size", event.number("size", 0));
            Optional<String> eTag = event.optionalText("eTag");
            if (eTag.isPresent()) {
                out.writeStringField("eTag", eTag.get());
            }
        }
        Optional<String> version = event.optionalText("versionId");
        if (version.isPresent()) {
            out.writeStringField("versionId", version.get());
        }
        out.writeStringField("sequencer", String.format(Locale.ROOT, "%018X", record.offset()));
        out.writeEndObject();
    }

    private void writePrincipal(JsonGenerator out, String field) throws IOException {
        out.writeObjectFieldStart(field);
        out.writeStringField("principalId", settings.account().accountId());
        out.writeEndObject();
    }

    /** As in a form of HTML, but for slashes, which stay: a space becomes a plus. */
    static String encoded(String key) throws Unrenderable {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            throw new Unrenderable("field 'key' is no Unicode text");
        }
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) {
        return Documents.ofRecords(parts);
    }
}
