package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.ReceivedMessage;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Turns SQS's messages into those that all queues have in common. */
final class SqsMessages {
    private SqsMessages() {}

    static ReceivedMessage<SqsReceipt> received(Message message, SqsReceipt receipt) {
        Map<String, String> system = message.attributesAsStrings();
        Map<String, String> senders = new HashMap<>();
        Map<String, String> types = new HashMap<>();
        message.messageAttributes()
                .forEach((name, attribute) -> {
                    senders.put(name, text(attribute));
                    types.put(name, String.valueOf(attribute.dataType()));
                });
        Map<String, String> all = new HashMap<>(system);
        all.putAll(senders);
        return new ReceivedMessage<>(
                Optional.of(message.messageId()),
                ByteBuffer.wrap(
                        message.body() == null
                                ? new byte[0]
                                : message.body().getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                all,
                types,
                senders,
                Optional.ofNullable(system.get("MessageGroupId")),
                number(system.get("SentTimestamp")).map(Instant::ofEpochMilli),
                (int) (long) number(system.get("ApproximateReceiveCount")).orElse(1L),
                Optional.empty(),
                receipt);
    }

    private static String text(MessageAttributeValue attribute) {
        return attribute.binaryValue() == null
                ? String.valueOf(attribute.stringValue())
                : Base64.getEncoder().encodeToString(attribute.binaryValue().asByteArray());
    }

    private static Optional<Long> number(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
