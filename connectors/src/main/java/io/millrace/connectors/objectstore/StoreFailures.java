package io.millrace.connectors.objectstore;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

import java.net.UnknownHostException;
import java.util.Set;

/**
 * Tells passing failures of the store from lasting ones, and each in a sentence.
 *
 * <p>Passing: no answer, a time-out, 408, 429, 5xx. Lasting: what the store refuses, because it
 * refuses it the next time, too.
 */
final class StoreFailures {
    private static final Set<Integer> PASSING_STATUS = Set.of(408, 425, 429);
    private static final Set<String> PASSING_CODES =
            Set.of("RequestTimeout", "SlowDown", "Throttling", "ThrottlingException");
    private static final Set<String> WRONG_REGION =
            Set.of(
                    "PermanentRedirect",
                    "TemporaryRedirect",
                    "Redirect",
                    "IllegalLocationConstraintException",
                    "AuthorizationHeaderMalformed");

    private static final Set<String> EXPIRED =
            Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");

    private final String bucket;
    private final String store;
    private final String region;
    private final boolean fixedCredentials;

    StoreFailures(ObjectStoreSourceConfig config) {
        this.fixedCredentials = config.secretKey().isPresent();
        this.bucket = config.bucket();
        this.store = config.storeName();
        this.region = config.region();
    }

    StoreException of(RuntimeException failure) {
        return failure instanceof AwsServiceException answer ? refused(answer) : noAnswer(failure);
    }

    /**
     * The failure of a client that had no answer yet. Credentials that cannot be found then are not
     * there; later it is the place that gives them out that fails for a while.
     */
    StoreException ofFirstCall(RuntimeException failure) {
        String message = failure.getMessage();
        if (message != null && message.startsWith("Unable to load credentials")) {
            return StoreException.lasting(
                    "No credentials for the object store '"
                            + store
                            + "' were found; set objectstore.access.key and"
                            + " objectstore.secret.key or one of the places of the AWS default"
                            + " chain",
                    ObjectStoreSourceConfig.ACCESS_KEY,
                    failure);
        }
        return of(failure);
    }

    /** The failure of a look at one object, which says "not found" in another way. */
    StoreException ofCheck(AwsServiceException answer) {
        return answer.statusCode() == 403 && code(answer).isEmpty()
                ? StoreException.lasting(
                        "The object store '"
                                + store
                                + "' does not let these credentials look at the objects of bucket '"
                                + bucket
                                + "' (status 403); allow s3:GetObject or set "
                                + ObjectStoreSourceConfig.CONFIRM_DELETED
                                + "=false",
                        ObjectStoreSourceConfig.CONFIRM_DELETED,
                        answer)
                : of(answer);
    }

    /** The store says that there is more, and not where. */
    StoreException cutListing() {
        String text =
                "The object store '" + store + "' cut the listing of bucket '" + bucket + "' off";
        return StoreException.passing(text, new IllegalStateException(text));
    }

    private StoreException refused(AwsServiceException answer) {
        int status = answer.statusCode();
        String code = code(answer);
        if (EXPIRED.contains(code)) {
            return expired(answer, status, code);
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return StoreException.passing(
                    "The clocks of this machine and of the object store '"
                            + store
                            + "' differ too much ("
                            + said(status, code)
                            + "); correct the clock that is wrong",
                    answer);
        }
        if (status >= 500 || PASSING_STATUS.contains(status) || PASSING_CODES.contains(code)) {
            return StoreException.passing(
                    "The object store '" + store + "' answered " + said(status, code), answer);
        }
        if (code.equals("NoSuchBucket") || status == 404) {
            return StoreException.lasting(
                    "Bucket '"
                            + bucket
                            + "' does not exist in the object store '"
                            + store
                            + "'; create it or correct objectstore.bucket",
                    ObjectStoreSourceConfig.BUCKET,
                    answer);
        }
        if (WRONG_REGION.contains(code) || status == 301 || status == 307) {
            return StoreException.lasting(
                    "Bucket '"
                            + bucket
                            + "' is not in region '"
                            + region
                            + "' ("
                            + said(status, code)
                            + "); correct objectstore.region",
                    ObjectStoreSourceConfig.REGION,
                    answer);
        }
        if (status == 401 || status == 403) {
            return denied(answer, status, code);
        }
        return StoreException.lasting(
                "The object store '"
                        + store
                        + "' does not list bucket '"
                        + bucket
                        + "' ("
                        + said(status, code)
                        + "); is objectstore.endpoint an S3-compatible store?",
                ObjectStoreSourceConfig.ENDPOINT,
                answer);
    }

    /** Fixed credentials stay expired; where others come from, there may be new ones. */
    private StoreException expired(AwsServiceException answer, int status, String code) {
        String text =
                "The credentials for the object store '"
                        + store
                        + "' have expired ("
                        + said(status, code)
                        + ")";
        return fixedCredentials
                ? StoreException.lasting(
                        text
                                + "; set new objectstore.access.key, objectstore.secret.key and"
                                + " objectstore.session.token",
                        ObjectStoreSourceConfig.SESSION_TOKEN,
                        answer)
                : StoreException.passing(text + "; renew them where they come from", answer);
    }

    private StoreException denied(AwsServiceException answer, int status, String code) {
        if (code.equals("InvalidAccessKeyId")) {
            return StoreException.lasting(
                    "The object store '"
                            + store
                            + "' does not know the access key; correct objectstore.access.key",
                    ObjectStoreSourceConfig.ACCESS_KEY,
                    answer);
        }
        if (code.equals("SignatureDoesNotMatch")) {
            return StoreException.lasting(
                    "The object store '"
                            + store
                            + "' says that the secret key does not belong to the access key;"
                            + " correct objectstore.secret.key",
                    ObjectStoreSourceConfig.SECRET_KEY,
                    answer);
        }
        return StoreException.lasting(
                "The object store '"
                        + store
                        + "' does not let these credentials list bucket '"
                        + bucket
                        + "' ("
                        + said(status, code)
                        + "); allow s3:ListBucket or use other credentials",
                ObjectStoreSourceConfig.BUCKET,
                answer);
    }

    private StoreException noAnswer(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return StoreException.passing(
                        "The host of the object store '" + store + "' is not known", failure);
            }
        }
        return StoreException.passing(
                "The object store '" + store + "' does not answer: " + failure.getMessage(),
                failure);
    }

    private static String said(int status, String code) {
        return code.isEmpty() ? "status " + status : "status " + status + ", " + code;
    }

    private static String code(AwsServiceException answer) {
        String code =
                answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
