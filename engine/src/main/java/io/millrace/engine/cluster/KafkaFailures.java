package io.millrace.engine.cluster;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.concurrent.ExecutionException;

/** Kafka's exceptions told in one line a user can act on. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /**
     * The exception to throw instead.
     *
     * @param what failed, without a full stop, such as "cannot read topic 'x'"
     * @param error what Kafka threw; an {@link ExecutionException} is looked into
     */
    public static MillraceException of(Cluster cluster, String what, Throwable error) {
        Throwable cause = rootOf(error);
        String where = what + " of Kafka at '" + cluster.bootstrapServers() + "': ";
        return switch (cause) {
            case MillraceException e -> e;
            case InterruptException _, InterruptedException _ -> interrupted(what);
            case AuthenticationException e ->
                    new MillraceException(
                            ErrorCode.DENIED,
                            where
                                    + "the login was refused: "
                                    + text(e)
                                    + "; check the security settings",
                            e);
            case AuthorizationException e ->
                    new MillraceException(
                            ErrorCode.DENIED,
                            where + "not permitted: " + text(e) + "; the user needs an ACL for it",
                            e);
            case UnknownTopicOrPartitionException e ->
                    new MillraceException(
                            ErrorCode.NOT_FOUND, where + "the topic does not exist", e);
            case RetriableException e ->
                    new MillraceException(
                            ErrorCode.UNAVAILABLE,
                            where
                                    + "no answer in time ("
                                    + text(e)
                                    + "); is it running, and is the address right?",
                            e);
            case ProducerFencedException e -> overtaken(where, e);
            case InvalidProducerEpochException e -> overtaken(where, e);
            case RecordTooLargeException e ->
                    new MillraceException(
                            ErrorCode.INVALID,
                            where + text(e) + "; raise max.message.bytes of the topic",
                            e);
            case ConfigException e -> invalid(where, e);
            case InvalidConfigurationException e -> invalid(where, e);
            default ->
                    new MillraceException(
                            ErrorCode.FAILED,
                            where + cause.getClass().getSimpleName() + ": " + text(cause),
                            cause);
        };
    }

    /** Restores the interrupt flag and gives the exception to throw. */
    public static MillraceException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new MillraceException(ErrorCode.FAILED, what + ": interrupted");
    }

    private static MillraceException overtaken(String where, Exception e) {
        return new MillraceException(
                ErrorCode.IN_USE,
                where
                        + "another deployment went ahead at the same time; nothing was changed by"
                        + " this one, run it again",
                e);
    }

    private static MillraceException invalid(String where, Exception e) {
        return new MillraceException(ErrorCode.INVALID, where + text(e), e);
    }

    private static Throwable rootOf(Throwable error) {
        Throwable cause = error;
        // Kafka wraps the telling exception in plain KafkaExceptions, more than once.
        while (cause.getCause() != null
                && (cause instanceof ExecutionException
                        || cause.getClass().equals(KafkaException.class))) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return message == null
                ? error.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }
}
