package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.model.WindowInput;
import io.millrace.schemas.EventHeaders;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SNSEvent, of a QueueMessage or of any record (EVT-16): see {@link Message}; the queue is the
 * topic of SNS.
 *
 * <ul>
 *   <li>{@code MessageId} is a UUID made from the event's identity, and the item identifier.
 *   <li>{@code Subject} is the CloudEvents subject; null if there is none.
 *   <li>Nothing is signed: {@code Signature}, {@code SigningCertUrl} and {@code UnsubscribeUrl} are
 *       empty.
 * </ul>
 */
record SnsForm(RenderSettings settings) implements Form {
    @Override
    public String name() {
        return "SNSEvent";
    }

    @Override
    public String write(SourceRecord record, JsonGenerator out) throws IOException, Unrenderable {
        Message message = Message.of(record);
        String id = record.identity().uuid().toString();
        String topic = settings.account().arn("sns", message.place());
        out.writeStartObject();
        out.writeStringField("EventVersion", "1.0");
        out.writeStringField(
                "EventSubscriptionArn",
                topic + ":" + new Identity(settings.trigger().value()).uuid());
        out.writeStringField("EventSource", "aws:sns");
        out.writeObjectFieldStart("Sns");
        out.writeStringField("Type", "Notification");
        out.writeStringField("MessageId", id);
        out.writeStringField("TopicArn", topic);
        Optional<String> subject = record.header(EventHeaders.CE_SUBJECT);
        if (subject.isPresent()) {
            out.writeStringField("Subject", subject.get());
        } else {
            out.writeNullField("Subject");
        }
        out.writeStringField("Message", message.body());
        out.writeStringField("Timestamp", Times.millis(record.time(message.sentAt())));
        out.writeStringField("SignatureVersion", "1");
        out.writeStringField("Signature", "");
        out.writeStringField("SigningCertUrl", "");
        out.writeStringField("UnsubscribeUrl", "");
        out.writeObjectFieldStart("MessageAttributes");
        for (Map.Entry<String, MessageAttribute> one : message.attributes().entrySet()) {
            out.writeObjectFieldStart(one.getKey());
            out.writeStringField("Type", one.getValue().type());
            if (one.getValue().isBinary()) {
                out.writeBinaryField("Value", one.getValue().value().bytes());
            } else {
                out.writeStringField("Value", one.getValue().value().text());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
        out.writeEndObject();
        out.writeEndObject();
        return id;
    }

    @Override
    public byte[] document(List<Part> parts, Optional<WindowInput> window) {
        return Documents.ofRecords(parts);
    }
}
