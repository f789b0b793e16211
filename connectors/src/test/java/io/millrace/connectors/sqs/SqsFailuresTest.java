package io.millrace.connectors.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.queue.QueueException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SqsException;

import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

final class SqsFailuresTest {
    private final Map<String, String> config =
            new HashMap<>(
                    Map.of(
                            "sqs.queues", "orders",
                            "sqs.endpoint", "http://127.0.0.1:9324",
                            "sqs.access.key", "me",
                            "sqs.secret.key", "hidden",
                            "topic", "events"));

    @ParameterizedTest
    @CsvSource({
        "400, QueueDoesNotExist, sqs.queues, does not exist",
        "400, com.amazonaws.sqs#QueueDoesNotExist, sqs.queues, does not exist",
        "400, AWS.SimpleQueueService.NonExistentQueue, sqs.queues, does not exist",
        "403, InvalidClientTokenId, sqs.access.key, does not know the access key",
        "403, SignatureDoesNotMatch, sqs.secret.key, does not belong to the access key",
        "403, ExpiredToken, sqs.session.token, has expired",
        "403, AccessDenied, sqs.queues, allow sqs:GetQueueUrl",
        "404, '', sqs.endpoint, is sqs.endpoint a server of the SQS protocol",
    })
    void shouldSayWhatAPersonMustDo(int status, String code, String key, String words) {
        QueueException told = failures().of(answer(status, code));

        assertThat(told.configKey()).hasValue(key);
        assertThat(told.text()).contains(words).doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({"500, InternalError", "503, ''", "400, RequestThrottled", "429, ''"})
    void shouldWaitForWhatPasses(int status, String code) {
        assertThat(failures().of(answer(status, code)).configKey()).isEmpty();
    }

    @Test
    void shouldWaitForAServerThatDoesNotAnswer() {
        QueueException unknown =
                failures().of(SdkClientException.create("no", new UnknownHostException("host")));

        assertThat(unknown.configKey()).isEmpty();
        assertThat(unknown.text()).contains("The host of 'http://127.0.0.1:9324' is not known");
    }

    @Test
    void shouldWaitForNewCredentialsOfTheChain() {
        config.remove("sqs.access.key");
        config.remove("sqs.secret.key");

        assertThat(failures().of(answer(403, "ExpiredToken")).configKey()).isEmpty();
        assertThat(
                        failures()
                                .ofFirstCall(
                                        SdkClientException.create("Unable to load credentials"))
                                .configKey())
                .hasValue("sqs.access.key");
    }

    private SqsFailures failures() {
        return new SqsFailures(SqsSourceConfig.of(config), "orders");
    }

    private static RuntimeException answer(int status, String code) {
        return SqsException.builder()
                .statusCode(status)
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode(code).errorMessage("words").build())
                .build();
    }
}
