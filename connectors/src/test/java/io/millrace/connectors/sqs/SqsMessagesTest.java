package io.millrace.connectors.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.queue.ReceivedMessage;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

final class SqsMessagesTest {
    private final SqsReceipt receipt = new SqsReceipt("handle", Instant.EPOCH);

    @Test
    void shouldKeepBodyGroupAndAttributes() {
        Message message =
                Message.builder()
                        .messageId("id-1")
                        .body("grüße")
                        .attributes(
                                Map.of(
                                        MessageSystemAttributeName.MESSAGE_GROUP_ID, "g1",
                                        MessageSystemAttributeName.SENT_TIMESTAMP, "1000",
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "3"))
                        .messageAttributes(
                                Map.of(
                                        "colour", text("red"),
                                        "picture", binary(new byte[] {1, 2, 3})))
                        .build();

        ReceivedMessage<SqsReceipt> received = SqsMessages.received(message, receipt);

        assertThat(received.id()).hasValue("id-1");
        assertThat(StandardCharsets.UTF_8.decode(received.body()).toString()).isEqualTo("grüße");
        assertThat(received.group()).hasValue("g1");
        assertThat(received.sentAt()).hasValue(Instant.ofEpochSecond(1));
        assertThat(received.receiveCount()).isEqualTo(3);
        assertThat(received.headers()).isEqualTo(Map.of("colour", "red", "picture", "AQID"));
        assertThat(received.attributeTypes())
                .isEqualTo(Map.of("colour", "String", "picture", "Binary"));
        assertThat(received.attributes())
                .containsAllEntriesOf(received.headers())
                .containsEntry("MessageGroupId", "g1");
    }

    @Test
    void shouldReadAMessageWithNothingButItsId() {
        ReceivedMessage<SqsReceipt> received =
                SqsMessages.received(Message.builder().messageId("id-2").build(), receipt);

        assertThat(received.body().remaining()).isZero();
        assertThat(received.group()).isEmpty();
        assertThat(received.sentAt()).isEmpty();
        assertThat(received.receiveCount()).isEqualTo(1);
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private static MessageAttributeValue binary(byte[] value) {
        return MessageAttributeValue.builder()
                .dataType("Binary")
                .binaryValue(SdkBytes.fromByteArray(value))
                .build();
    }
}
