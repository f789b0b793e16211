package io.millrace.functions.events;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * A message taken from a queue. Immutable: the body is copied, in and out.
 *
 * @param queue name of the queue
 * @param messageId identity of the message in its queue
 * @param body body of the message, untouched
 * @param contentType media type of the body; null where the queue does not know it
 * @param attributes attributes and headers of the message; binary ones in base64
 * @param groupId message group, within which order is kept; null if it has none
 * @param sentAt when the message was sent to the queue; null if not known
 * @param receiveCount how often the queue has handed the message out, this time included
 */
// The array is safe here: it is copied in both directions and compared by content.
@SuppressWarnings("ArrayRecordComponent")
public record QueueMessage(
        String queue,
        String messageId,
        byte[] body,
        @Nullable String contentType,
        Map<String, String> attributes,
        @Nullable String groupId,
        @Nullable Instant sentAt,
        int receiveCount) {
    public QueueMessage {
        body = body.clone();
        attributes = Map.copyOf(attributes);
    }

    /** A message with the facts that are always there, for tests above all. */
    public static QueueMessage of(String queue, String messageId, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new QueueMessage(queue, messageId, bytes, null, Map.of(), null, null, 1);
    }

    /** A copy of the body. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    /** The body read as UTF-8, which is what text bodies are. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueueMessage that
                && queue.equals(that.queue)
                && messageId.equals(that.messageId)
                && Arrays.equals(body, that.body)
                && Objects.equals(contentType, that.contentType)
                && attributes.equals(that.attributes)
                && Objects.equals(groupId, that.groupId)
                && Objects.equals(sentAt, that.sentAt)
                && receiveCount == that.receiveCount;
    }

    @Override
    public int hashCode() {
        return Objects.hash(queue, messageId, Arrays.hashCode(body));
    }

    /** Identity and size; body and attributes never reach a log by accident. */
    @Override
    public String toString() {
        return "QueueMessage[queue="
                + queue
                + ", messageId="
                + messageId
                + ", body="
                + body.length
                + " bytes, receiveCount="
                + receiveCount
                + "]";
    }
}
