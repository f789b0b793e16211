package io.millrace.connectors.objectstore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Lists a bucket through the S3 protocol.
 *
 * <p>Each call has one try and a time limit: the task repeats failed calls in its own time, so that
 * no call holds its thread for the sum of many tries.
 *
 * <p>Threading: one caller at a time; {@code close} from any thread.
 */
final class S3ObjectLister implements ObjectLister {
    private static final Logger LOG = LoggerFactory.getLogger(S3ObjectLister.class);

    private final S3Client client;
    private final ObjectStoreSourceConfig config;
    private final StoreFailures failures;
    private final int pageSize;
    private boolean answered;

    private S3ObjectLister(ObjectStoreSourceConfig config, Duration timeout, int pageSize) {
        this.config = config;
        this.failures = new StoreFailures(config);
        this.pageSize = pageSize;
        this.client = client(config, timeout);
    }

    /** The lister of a task. */
    static S3ObjectLister of(ObjectStoreSourceConfig config) {
        return new S3ObjectLister(config, config.requestTimeout(), config.pageSize());
    }

    /** A lister that asks for one object, to see whether the bucket can be listed at all. */
    static S3ObjectLister probe(ObjectStoreSourceConfig config, Duration timeout) {
        return new S3ObjectLister(config, timeout, 1);
    }

    @Override
    public ListedPage list(Optional<String> place) {
        ListObjectsV2Request.Builder request =
                ListObjectsV2Request.builder().bucket(config.bucket()).maxKeys(pageSize);
        if (!config.filter().prefix().isEmpty()) {
            request.prefix(config.filter().prefix());
        }
        place.ifPresent(request::continuationToken);
        try {
            ListObjectsV2Response response = client.listObjectsV2(request.build());
            answered = true;
            List<StoredObject> objects =
                    response.contents().stream().map(S3ObjectLister::object).toList();
            String next = response.nextContinuationToken();
            if (Boolean.TRUE.equals(response.isTruncated()) && next == null) {
                // Taken for the end, it would make the rest of the bucket look deleted.
                throw failures.cutListing();
            }
            boolean more = Boolean.TRUE.equals(response.isTruncated());
            return new ListedPage(
                    objects, more ? Optional.of(next) : Optional.empty(), date(response));
        } catch (SdkException | IllegalStateException e) {
            // IllegalStateException: the client was closed while the call was under way.
            throw answered ? failures.of(e) : failures.ofFirstCall(e);
        }
    }

    @Override
    public boolean exists(String key) {
        try {
            client.headObject(request -> request.bucket(config.bucket()).key(key));
            return true;
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw failures.ofCheck(e);
        } catch (SdkException | IllegalStateException e) {
            throw failures.of(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static StoredObject object(S3Object object) {
        String eTag = object.eTag() == null ? "" : object.eTag();
        return new StoredObject(
                object.key(),
                eTag.startsWith("\"") && eTag.endsWith("\"") && eTag.length() > 1
                        ? eTag.substring(1, eTag.length() - 1)
                        : eTag,
                object.size() == null ? 0 : object.size(),
                object.lastModified() == null ? Instant.EPOCH : object.lastModified());
    }

    private static Optional<Instant> date(ListObjectsV2Response response) {
        Optional<String> date = response.sdkHttpResponse().firstMatchingHeader("Date");
        try {
            return date.map(text ->
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            LOG.debug("The object store sent a Date header that is no date: '{}'", date, e);
            return Optional.empty();
        }
    }

    private static S3Client client(ObjectStoreSourceConfig config, Duration timeout) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(Region.of(config.region()))
                        .credentialsProvider(credentials(config))
                        .httpClientBuilder(
                                Apache5HttpClient.builder()
                                        .maxConnections(2)
                                        .connectionTimeout(timeout)
                                        .socketTimeout(timeout))
                        .overrideConfiguration(override ->
                                override.apiCallTimeout(timeout)
                                        .apiCallAttemptTimeout(timeout)
                                        .retryStrategy(AwsRetryStrategy.doNotRetry()));
        config.endpoint()
                .ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(config.pathStyle()));
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(ObjectStoreSourceConfig config) {
        if (config.secretKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        String secret = config.secretKey().get().value();
        return StaticCredentialsProvider.create(
                config.sessionToken().isPresent()
                        ? AwsSessionCredentials.create(
                                config.accessKey(), secret, config.sessionToken().get().value())
                        : AwsBasicCredentials.create(config.accessKey(), secret));
    }
}
