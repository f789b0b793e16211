package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Buckets and objects of the embedded object store. Threading: any thread. */
public final class ObjectStoreClient implements AutoCloseable {
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

    private final S3Client s3;

    private ObjectStoreClient(S3Client s3) {
        this.s3 = s3;
    }

    static ObjectStoreClient to(URI endpoint, StoreCredentials credentials) {
        return new ObjectStoreClient(
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                credentials.accessKey(), credentials.secretKey())))
                        .httpClient(
                                Apache5HttpClient.builder()
                                        .connectionTimeout(REQUEST_LIMIT)
                                        .socketTimeout(REQUEST_LIMIT)
                                        .build())
                        .overrideConfiguration(
                                settings -> settings.apiCallTimeout(REQUEST_LIMIT.multipliedBy(2)))
                        .build());
    }

    /** Makes the bucket where it is missing. */
    public void makeBucket(String bucket) {
        try {
            s3.createBucket(request -> request.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // It is there, which is what was asked for.
            return;
        } catch (SdkException e) {
            throw failed("make", bucket, e);
        }
    }

    /** Keys of a bucket, in the order of the store. */
    public List<String> keys(String bucket) {
        try {
            return s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                    .map(object -> object.key())
                    .toList();
        } catch (SdkException e) {
            throw failed("list", bucket, e);
        }
    }

    public void put(String bucket, String key, Path file, String contentType) {
        try {
            s3.putObject(
                    request -> request.bucket(bucket).key(key).contentType(contentType),
                    RequestBody.fromFile(file));
        } catch (SdkException e) {
            throw failed("write", bucket + "/" + key, e);
        }
    }

    /** The whole object, if it is there. */
    public Optional<byte[]> get(String bucket, String key) {
        try {
            return Optional.of(
                    s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw failed("read", bucket + "/" + key, e);
        }
    }

    @Override
    public void close() {
        s3.close();
    }

    private static MillraceException failed(String what, String name, SdkException e) {
        return new MillraceException(
                ErrorCode.UNAVAILABLE,
                "object store could not " + what + " '" + name + "': " + e.getMessage(),
                e);
    }
}
