package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.QueueException;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

import java.net.UnknownHostException;
import java.util.Set;

/**
 * Tells passing failures of the service from lasting ones, and each in a sentence.
 *
 * <p>Passing: no answer, a time-out, 408, 429, 5xx, throttling. Lasting: what the service refuses,
 * because it refuses it the next time, too.
 */
final class SqsFailures {
    private static final Set<Integer> PASSING_STATUS = Set.of(408, 425, 429);
    private static final Set<String> PASSING_CODES =
            Set.of(
                    "RequestTimeout",
                    "RequestThrottled",
                    "Throttling",
                    "ThrottlingException",
                    "OverLimit",
                    "AWS.SimpleQueueService.OverLimit",
                    "KmsThrottled");
    private static final Set<String> NO_QUEUE =
            Set.of(
                    "QueueDoesNotExist",
                    "AWS.SimpleQueueService.NonExistentQueue",
                    "NonExistentQueue");
    private static final Set<String> UNKNOWN_KEY =
            Set.of("InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException");
    private static final Set<String> EXPIRED =
            Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidToken");

    private final String queue;
    private final String service;
    private final boolean isFixed;

    SqsFailures(SqsSourceConfig config, String queue) {
        this.queue = queue;
        this.service = config.serviceName();
        this.isFixed = config.secretKey().isPresent();
    }

    QueueException of(RuntimeException failure) {
        return failure instanceof AwsServiceException answer ? refused(answer) : noAnswer(failure);
    }

    /**
     * The failure of a client that had no answer yet. Credentials that cannot be found then are not
     * there; later it is the place that gives them out that fails for a while.
     */
    QueueException ofFirstCall(RuntimeException failure) {
        if (String.valueOf(failure.getMessage()).startsWith("Unable to load credentials")) {
            return QueueException.lasting(
                    "No credentials for '"
                            + service
                            + "' were found; set sqs.access.key and sqs.secret.key or one of the"
                            + " places of the AWS default chain",
                    SqsSourceConfig.ACCESS_KEY,
                    failure);
        }
        return of(failure);
    }

    private QueueException refused(AwsServiceException answer) {
        int status = answer.statusCode();
        String code = code(answer);
        if (NO_QUEUE.contains(code)) {
            return lasting(
                    "Queue '"
                            + queue
                            + "' does not exist at '"
                            + service
                            + "'; create it or correct sqs.queues",
                    SqsSourceConfig.QUEUES,
                    answer);
        }
        if (EXPIRED.contains(code)) {
            return expired(answer);
        }
        if (UNKNOWN_KEY.contains(code)) {
            return lasting(
                    "'" + service + "' does not know the access key; correct sqs.access.key",
                    SqsSourceConfig.ACCESS_KEY,
                    answer);
        }
        if (code.equals("SignatureDoesNotMatch")) {
            return lasting(
                    "'"
                            + service
                            + "' says that the secret key does not belong to the access key;"
                            + " correct sqs.secret.key",
                    SqsSourceConfig.SECRET_KEY,
                    answer);
        }
        if (status >= 500 || PASSING_STATUS.contains(status) || PASSING_CODES.contains(code)) {
            return QueueException.passing(
                    "'" + service + "' answered " + said(status, code), answer);
        }
        if (status == 401 || status == 403 || code.contains("AccessDenied")) {
            return lasting(
                    "'"
                            + service
                            + "' does not let these credentials read queue '"
                            + queue
                            + "' ("
                            + said(status, code)
                            + "); allow sqs:GetQueueUrl, sqs:ReceiveMessage, sqs:DeleteMessage and"
                            + " sqs:ChangeMessageVisibility or use other credentials",
                    SqsSourceConfig.QUEUES,
                    answer);
        }
        return lasting(
                "'"
                        + service
                        + "' does not hand out messages of queue '"
                        + queue
                        + "' ("
                        + said(status, code)
                        + "); is sqs.endpoint a server of the SQS protocol?",
                SqsSourceConfig.ENDPOINT,
                answer);
    }

    /** The chain may bring new credentials; fixed ones stay expired. */
    private QueueException expired(AwsServiceException answer) {
        return isFixed
                ? lasting(
                        "The session token for '"
                                + service
                                + "' has expired; set a new sqs.session.token with its keys, or"
                                + " leave the three out to use the AWS default chain",
                        SqsSourceConfig.SESSION_TOKEN,
                        answer)
                : QueueException.passing(
                        "The credentials that the AWS default chain found for '"
                                + service
                                + "' have expired",
                        answer);
    }

    private static QueueException lasting(String text, String key, AwsServiceException answer) {
        return QueueException.lasting(text, key, answer);
    }

    private QueueException noAnswer(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return QueueException.passing(
                        "The host of '" + service + "' is not known", failure);
            }
        }
        return QueueException.passing(
                "'" + service + "' does not answer: " + failure.getMessage(), failure);
    }

    private static String said(int status, String code) {
        return code.isEmpty() ? "status " + status : "status " + status + ", " + code;
    }

    private static String code(AwsServiceException answer) {
        String code =
                answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
        if (code == null) {
            return "";
        }
        // The JSON protocol names the exception's class: ...#QueueDoesNotExist.
        return code.substring(code.lastIndexOf('#') + 1);
    }
}
