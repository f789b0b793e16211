package io.millrace.it.prove.demo;

import io.millrace.engine.model.Payload;
import io.millrace.it.harness.DevAddresses;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A bucket of the object store, read with the credentials that {@code millrace dev} tells. */
final class Bucket implements AutoCloseable {
    private final S3Client s3;
    private final String name;

    private Bucket(S3Client s3, String name) {
        this.s3 = s3;
        this.name = name;
    }

    static Bucket of(DevAddresses at, String name) throws IOException {
        Properties credentials = at.readCredentials();
        return new Bucket(
                S3Client.builder()
                        .endpointOverride(at.objectStore())
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                credentials.getProperty("aws_access_key_id"),
                                                credentials.getProperty("aws_secret_access_key"))))
                        .httpClient(Apache5HttpClient.create())
                        .build(),
                name);
    }

    /** All objects by their keys. */
    Map<String, Payload> objects() {
        Map<String, Payload> objects = new TreeMap<>();
        for (S3Object object :
                s3.listObjectsV2Paginator(request -> request.bucket(name)).contents()) {
            byte[] bytes =
                    s3.getObjectAsBytes(request -> request.bucket(name).key(object.key()))
                            .asByteArray();
            objects.put(object.key(), Payload.of(bytes));
        }
        return objects;
    }

    /** What the store tells of each object without reading it: its ETag and when it was written. */
    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        s3.listObjectsV2Paginator(request -> request.bucket(name)).contents().stream()
                .forEach(object ->
                        versions.put(object.key(), object.eTag() + " " + object.lastModified()));
        return versions;
    }

    @Override
    public void close() {
        s3.close();
    }
}
