package io.millrace.engine.app;

import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;

/** Why an application died, in words for people. */
final class FailureWords {
    private FailureWords() {}

    static String of(Throwable error) {
        Throwable known = error;
        while (known.getCause() != null && !(known instanceof MillraceException)) {
            known = known.getCause();
        }
        return switch (known) {
            case MillraceException e -> e.text();
            case FencedInstanceIdException _ ->
                    "another process runs with the same node.id and has taken over; give every node"
                            + " an id of its own";
            case MissingSourceTopicException _ ->
                    "the source topic does not exist any more; the trigger starts when it does";
            case NoOffsetForPartitionException e ->
                    "the committed offsets of " + e.partitions() + " are gone";
            case ProducerFencedException e -> fenced(e);
            case InvalidProducerEpochException e -> fenced(e);
            case TopicAuthorizationException e ->
                    "not permitted for topics "
                            + e.unauthorizedTopics()
                            + "; the user needs an ACL";
            case RecordTooLargeException e ->
                    "a record is larger than its topic takes: " + firstLine(e);
            case TimeoutException e -> "Kafka does not answer: " + firstLine(e);
            default -> known.getClass().getSimpleName() + ": " + firstLine(known);
        };
    }

    /** Why something did not start. */
    static String ofStart(Throwable e) {
        return e instanceof MillraceException known ? known.text() : e.toString();
    }

    static String join(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    /** Whether trying again would only throw out who has taken over. */
    static boolean isForGood(Throwable error) {
        Throwable cause = error;
        while (cause != null) {
            if (cause instanceof FencedInstanceIdException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String fenced(Exception e) {
        return "its transaction was fenced: " + firstLine(e);
    }

    private static String firstLine(Throwable error) {
        String message = error.getMessage();
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
