package io.millrace.examples.thumbnail;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** An S3-compatible store, as the function's settings name it. Threading: any thread. */
final class ObjectStore implements AutoCloseable {
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(25);

    private final S3Client s3;

    private ObjectStore(S3Client s3) {
        this.s3 = s3;
    }

    static ObjectStore of(Map<String, String> settings) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .region(Region.of(required(settings, "S3_REGION")))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                required(settings, "S3_ACCESS_KEY"),
                                                required(settings, "S3_SECRET_KEY"))))
                        .forcePathStyle(true)
                        // Not every compatible store knows the newer checksums.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .overrideConfiguration(
                                it -> it.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
        String endpoint = settings.getOrDefault("S3_ENDPOINT", "");
        if (!endpoint.isBlank()) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return new ObjectStore(builder.build());
    }

    /** A setting the function cannot do without. */
    static String required(Map<String, String> settings, String name) {
        String value = settings.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalStateException(
                    "setting '" + name + "' is missing; add it to 'environment' in the manifest");
        }
        return value;
    }

    /** The object, or empty if there is none. */
    Optional<ResponseBytes<GetObjectResponse>> find(String bucket, String key) {
        try {
            return Optional.of(s3.getObjectAsBytes(it -> it.bucket(bucket).key(key)));
        } catch (S3Exception refused) {
            if (refused.statusCode() == 404) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    void putJpeg(String bucket, String key, byte[] jpeg, Map<String, String> metadata) {
        s3.putObject(
                it -> it.bucket(bucket).key(key).contentType("image/jpeg").metadata(metadata),
                RequestBody.fromBytes(jpeg));
    }

    @Override
    public void close() {
        s3.close();
    }
}
