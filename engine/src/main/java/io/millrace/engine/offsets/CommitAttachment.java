package io.millrace.engine.offsets;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.List;

/**
 * What is written once per commit: the producer wrapper sends it inside the transaction, before the
 * offsets.
 */
public interface CommitAttachment {
    /** Hands over what has gathered since the last commit; called on the StreamThread. */
    List<ProducerRecord<byte[], byte[]>> drain();
}
