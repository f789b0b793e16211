package io.millrace.it.prove.sources;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ElasticMQ, which speaks SQS's protocol, with its messages in a file. */
final class ElasticMqServer implements QueueServer {
    private static final int BATCH = 10;

    private final String queue;
    private final int port;
    private final ServerJvm server;
    private final SqsClient client;
    private int sent;

    private ElasticMqServer(String queue, int port, ServerJvm server) {
        this.queue = queue;
        this.port = port;
        this.server = server;
        this.client =
                SqsClient.builder()
                        .endpointOverride(URI.create(url()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("local", "local")))
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
    }

    /**
     * Starts it with one queue.
     *
     * @param queue a FIFO queue if it ends with .fifo
     */
    static ElasticMqServer start(Path folder, String queue) {
        int port = ServerJvm.freePort();
        Path config = folder.resolve("elasticmq.conf");
        try {
            Files.writeString(config, config(folder, queue, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerJvm server =
                ServerJvm.start(
                        folder,
                        port,
                        ServerJvm.java(
                                "elasticmq",
                                List.of("-Dconfig.file=" + config, "org.elasticmq.server.Main")),
                        Map.of());
        return new ElasticMqServer(queue, port, server);
    }

    private static String config(Path folder, String queue, int port) {
        return String.join(
                "\n",
                "include classpath(\"application.conf\")",
                "node-address { protocol = http, host = \"127.0.0.1\", port = " + port + " }",
                "rest-sqs { enabled = true, bind-port = " + port,
                "  bind-hostname = \"127.0.0.1\", sqs-limits = strict }",
                "rest-stats { enabled = false }",
                "messages-storage { enabled = true",
                "  uri = \"jdbc:h2:" + folder.resolve("messages") + "\" }",
                "queues { \"" + queue + "\" { defaultVisibilityTimeout = 30 seconds",
                "  fifo = " + queue.endsWith(".fifo") + " } }",
                "");
    }

    @Override
    public Map<String, String> connector() {
        return Map.of(
                "connector.class", "io.millrace.connectors.sqs.SqsSourceConnector",
                "sqs.queues", queue,
                "sqs.endpoint", url(),
                "sqs.access.key", "local",
                "sqs.secret.key", "local",
                "sqs.visibility.timeout.s", "6",
                "sqs.wait.s", "1");
    }

    @Override
    public List<Change> send(int number, int groups) {
        String url = queueUrl();
        List<Change> changes = new ArrayList<>(number);
        for (int from = 0; from < number; from += BATCH) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>(BATCH);
            for (int i = from; i < Math.min(from + BATCH, number); i++) {
                entries.add(entry(i, groups));
            }
            SendMessageBatchResponse response =
                    client.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
            if (response.hasFailed() && !response.failed().isEmpty()) {
                throw new IllegalStateException("not sent: " + response.failed());
            }
            response.successful().stream()
                    .sorted((a, b) -> Integer.compare(number(a.id()), number(b.id())))
                    .map(one -> change(number(one.id()), groups, one.messageId()))
                    .forEach(changes::add);
        }
        sent += number;
        return changes;
    }

    @Override
    public long left() {
        String url = queueUrl();
        return client
                .getQueueAttributes(request ->
                        request.queueUrl(url)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName
                                                .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    /**
     * Version 1.7.1 reads FIFO messages back as those of a standard queue, by their next delivery.
     */
    @Override
    public boolean keepsOrderOverRestarts() {
        return !queue.endsWith(".fifo");
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    private SendMessageBatchRequestEntry entry(int i, int groups) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .messageBody("m" + (sent + i));
        if (queue.endsWith(".fifo")) {
            entry.messageGroupId(group(i, groups)).messageDeduplicationId("m" + (sent + i));
        }
        return entry.build();
    }

    private Change change(int i, int groups, String id) {
        return new Change(queue.endsWith(".fifo") ? group(i, groups) : id, id);
    }

    private static String group(int i, int groups) {
        return "g" + i % groups;
    }

    private static int number(String id) {
        return Integer.parseInt(id);
    }

    private String queueUrl() {
        return client.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }
}
