package io.millrace.connectors.queue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message as the queue handed it out.
 *
 * @param id identity in its queue, the same whenever it is handed out; empty if it has none, then
 *     repeats of it are not recognised
 * @param body read-only
 * @param contentType media type of the body where the queue knows it
 * @param attributes all there are: the queue's own and the sender's; binary ones in base64
 * @param attributeTypes types of the sender's attributes where the queue knows them
 * @param headers the sender's only; they become headers of the record, too
 * @param group within which order is kept
 * @param sentAt by the queue's or the sender's clock
 * @param receiveCount how often it was handed out, this time included
 * @param fault why it cannot be made an event; such a message is a dead letter
 * @param <R> receipt
 */
public record ReceivedMessage<R>(
        Optional<String> id,
        ByteBuffer body,
        Optional<String> contentType,
        Map<String, String> attributes,
        Map<String, String> attributeTypes,
        Map<String, String> headers,
        Optional<String> group,
        Optional<Instant> sentAt,
        int receiveCount,
        Optional<String> fault,
        R receipt) {
    public ReceivedMessage {
        body = body.asReadOnlyBuffer();
        attributes = Map.copyOf(attributes);
        attributeTypes = Map.copyOf(attributeTypes);
        headers = Map.copyOf(headers);
    }
}
