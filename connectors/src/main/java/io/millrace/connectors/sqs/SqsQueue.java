package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueEndpoint;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

import java.time.Duration;
import java.time.InstantSource;

/** One queue of the configured service. */
final class SqsQueue implements QueueEndpoint<SqsReceipt> {
    private final SqsSourceConfig config;
    private final String name;
    private final InstantSource clock;

    SqsQueue(SqsSourceConfig config, String name, InstantSource clock) {
        this.config = config;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public String queue() {
        return name;
    }

    @Override
    public String uri() {
        return config.endpoint()
                .map(endpoint -> endpoint + "/" + name)
                .orElse("arn:aws:sqs:" + config.region() + "::" + name);
    }

    @Override
    public QueueClient<SqsReceipt> open() {
        SqsClient client = client(config.requestTimeout());
        try {
            return new SqsQueueClient(config, name, client, url(client), clock);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Asks whether the queue is there. */
    void probe(Duration timeout) {
        try (SqsClient client = client(timeout)) {
            url(client);
        }
    }

    private String url(SqsClient client) {
        try {
            return client.getQueueUrl(request -> request.queueName(name)).queueUrl();
        } catch (SdkException e) {
            throw new SqsFailures(config, name).ofFirstCall(e);
        }
    }

    private SqsClient client(Duration timeout) {
        Duration longest = timeout.plusSeconds(config.waitSeconds());
        SqsClientBuilder builder =
                SqsClient.builder()
                        .region(Region.of(config.region()))
                        .credentialsProvider(credentials())
                        .overrideConfiguration(settings ->
                                settings.retryStrategy(AwsRetryStrategy.doNotRetry())
                                        .apiCallTimeout(longest))
                        .httpClientBuilder(
                                Apache5HttpClient.builder()
                                        .connectionTimeout(timeout)
                                        .socketTimeout(longest)
                                        .maxConnections(3 * config.receivers() + 2));
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private AwsCredentialsProvider credentials() {
        if (config.secretKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        String secret = config.secretKey().get().value();
        AwsCredentials fixed =
                config.sessionToken()
                        .<AwsCredentials>map(token ->
                                AwsSessionCredentials.create(
                                        config.accessKey(), secret, token.value()))
                        .orElseGet(() -> AwsBasicCredentials.create(config.accessKey(), secret));
        return StaticCredentialsProvider.create(fixed);
    }
}
