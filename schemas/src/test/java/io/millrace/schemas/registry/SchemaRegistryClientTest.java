package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.schemas.registry.RegistryException.Kind;

import org.apache.avro.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

final class SchemaRegistryClientTest {
    private static final Schema TEXT = Schema.create(Schema.Type.STRING);
    private static final String TEXT_BY_ID = "{\"schema\":\"\\\"string\\\"\"}";

    private final FakeRegistry registry = FakeRegistry.start();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource({
        "404, 40403, NOT_FOUND",
        "404, 40401, NOT_FOUND",
        "409, 409, INCOMPATIBLE",
        "422, 42201, INVALID",
        "400, 400, INVALID",
        "401, 401, DENIED",
        "403, 40301, DENIED"
    })
    void shouldTellTheKindOfARefusalAndNotRepeatIt(int status, int code, Kind kind) {
        registry.on(
                "GET /schemas/ids/7",
                status,
                "{\"error_code\":" + code + ",\"message\":\"so\\nit is\"}");

        RegistryException failure = failure(() -> client(registry.url()).schemaById(7));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .message()
                .contains("id 7", registry.url(), String.valueOf(status), "so it is")
                .doesNotContain("\n");
        assertThat(registry.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429})
    void shouldRepeatWhatTheServerCouldNotAnswer(int status) {
        registry.on("GET /schemas/ids/7", status, "{}")
                .on("GET /schemas/ids/7", status, "<html>")
                .on("GET /schemas/ids/7", 200, TEXT_BY_ID);

        Schema found = client(registry.url()).schemaById(7);

        assertThat(found).isEqualTo(TEXT);
        assertThat(registry.asked()).hasSize(3);
    }

    @Test
    void shouldGiveUpAfterTheBoundedNumberOfRetries() {
        registry.on("GET /schemas/ids/7", 500, "{\"error_code\":50001,\"message\":\"store\"}");

        RegistryException failure = failure(() -> client(registry.url()).schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).message().contains("500", "50001: store");
        assertThat(registry.asked()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"200, <html>hello</html>", "200, ''", "404, <html>no</html>", "302, ''"})
    void shouldNotTakeAnotherServerForARegistry(int status, String body) {
        registry.on("GET /schemas/ids/7", status, body);

        RegistryException failure = failure(() -> client(registry.url()).schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).message().contains("schema.registry.url", registry.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "{\"schema\":7}", "null"})
    void shouldRefuseAnAnswerWithoutSchema(String body) {
        registry.on("GET /schemas/ids/7", 200, body);

        RegistryException failure = failure(() -> client(registry.url()).schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).message().contains("'schema'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"schema\":\"{}\"} | no Avro schema",
                "{\"schema\":\"syntax\",\"schemaType\":\"PROTOBUF\"} | type PROTOBUF",
                "{\"schema\":\"\\\"a.B\\\"\",\"references\":[{\"name\":\"a.B\"}]} | references"
            })
    void shouldRefuseWhatIsNotPlainAvro(String body, String why) {
        registry.on("GET /schemas/ids/7", 200, body);

        RegistryException failure = failure(() -> client(registry.url()).schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure).message().contains("id 7", why);
    }

    @Test
    void shouldTellThatNobodyListens() throws IOException {
        String url = "http://127.0.0.1:" + unusedPort();

        RegistryException failure = failure(() -> client(url).schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).message().contains(url, "schema.registry.url").doesNotContain("\n");
    }

    @Test
    void shouldNotWaitLongerThanTheTimeout() {
        registry.on("GET /schemas/ids/7", 0, "");
        SchemaRegistryClient client =
                client(
                        Map.of(
                                RegistryConfig.URL, registry.url(),
                                RegistryConfig.TIMEOUT_MS, 200,
                                RegistryConfig.MAX_RETRIES, 0));

        RegistryException failure = failure(() -> client.schemaById(7));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).message().contains("no answer within 200 ms");
    }

    @Test
    void shouldEndTheWaitForARetryWhenClosed() {
        registry.on("GET /schemas/ids/7", 500, "{}");
        Map<String, ?> slow =
                Map.of(
                        RegistryConfig.URL, registry.url(),
                        RegistryConfig.RETRIES_WAIT_MS, 3_600_000,
                        RegistryConfig.RETRIES_MAX_WAIT_MS, 3_600_000);
        SchemaRegistryClient client = client(slow);
        client.close();

        RegistryException failure = failure(() -> client.schemaById(7));

        assertThat(failure).isNotNull();
    }

    @Test
    void shouldAskTheNextUrlWhenOneDoesNotAnswer() throws IOException {
        registry.on("GET /schemas/ids/7", 200, TEXT_BY_ID)
                .on("GET /schemas/ids/8", 200, TEXT_BY_ID);
        String both = "http://127.0.0.1:" + unusedPort() + ", " + registry.url();

        Schema found = client(both).schemaById(7);

        assertThat(found).isEqualTo(TEXT);
        assertThat(registry.asked()).hasSize(1);
    }

    @Test
    void shouldAskTheUrlFirstThatAnsweredLast() {
        try (FakeRegistry broken = FakeRegistry.start()) {
            broken.on("GET /schemas/ids/7", 503, "{}");
            registry.on("GET /schemas/ids/7", 200, TEXT_BY_ID)
                    .on("GET /schemas/ids/8", 200, TEXT_BY_ID);
            SchemaRegistryClient client = client(broken.url() + "," + registry.url());

            client.schemaById(7);
            client.schemaById(8);

            assertThat(broken.asked()).hasSize(1);
        }
    }

    @Test
    void shouldAskForAnIdOnce() {
        registry.on("GET /schemas/ids/7", 200, TEXT_BY_ID);
        SchemaRegistryClient client = client(registry.url());

        client.schemaById(7);
        client.schemaById(7);

        assertThat(registry.asked()).hasSize(1);
    }

    @Test
    void shouldForgetWhatWasUsedLongestAgoWhenTheCacheIsFull() {
        IntStream.range(0, 3).forEach(id -> registry.on("GET /schemas/ids/" + id, 200, TEXT_BY_ID));
        Map<String, ?> two =
                Map.of(RegistryConfig.URL, registry.url(), RegistryConfig.CACHE_CAPACITY, 2);
        SchemaRegistryClient client = client(two);

        List.of(0, 1, 0, 2, 0, 1).forEach(client::schemaById);

        assertThat(registry.asked())
                .extracting(FakeRegistry.Asked::line)
                .containsExactly(
                        "GET /schemas/ids/0",
                        "GET /schemas/ids/1",
                        "GET /schemas/ids/2",
                        "GET /schemas/ids/1");
    }

    @Test
    void shouldNotRememberThatAnIdWasMissing() {
        registry.on("GET /schemas/ids/7", 404, "{\"error_code\":40403,\"message\":\"no\"}")
                .on("GET /schemas/ids/7", 200, TEXT_BY_ID);
        SchemaRegistryClient client = client(registry.url());
        failure(() -> client.schemaById(7));

        assertThat(client.schemaById(7)).isEqualTo(TEXT);
    }

    @Test
    void shouldRegisterASchemaOnceUnderAnEncodedSubject() {
        registry.on("POST /subjects/a%2Fb%20c-value/versions", 200, "{\"id\":12}");
        SchemaRegistryClient client = client(registry.url());

        int first = client.register("a/b c-value", TEXT);
        int second = client.register("a/b c-value", TEXT);

        assertThat(List.of(first, second)).containsExactly(12, 12);
        assertThat(registry.asked())
                .extracting(FakeRegistry.Asked::body)
                .containsExactly("{\"schema\":\"\\\"string\\\"\"}");
    }

    @Test
    void shouldReadTheLatestVersionEveryTime() {
        String body = "{\"subject\":\"s\",\"version\":%d,\"id\":%d,\"schema\":\"\\\"string\\\"\"}";
        registry.on("GET /subjects/s/versions/latest", 200, body.formatted(1, 5))
                .on("GET /subjects/s/versions/latest", 200, body.formatted(2, 6));
        SchemaRegistryClient client = client(registry.url());
        client.latest("s");

        RegisteredSchema latest = client.latest("s");

        assertThat(latest).isEqualTo(new RegisteredSchema("s", 2, 6, TEXT));
    }

    @Test
    void shouldLookUpWithoutRegistering() {
        registry.on(
                "POST /subjects/s",
                200,
                "{\"subject\":\"s\",\"version\":3,\"id\":9,\"schema\":\"\\\"string\\\"\"}");

        RegisteredSchema found = client(registry.url()).lookup("s", TEXT);

        assertThat(found).isEqualTo(new RegisteredSchema("s", 3, 9, TEXT));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{\"is_compatible\":true}', true",
        "200, '{\"is_compatible\":false}', false",
        "404, '{\"error_code\":40401,\"message\":\"no\"}', true"
    })
    void shouldTellWhetherASchemaCouldFollow(int status, String body, boolean compatible) {
        registry.on("POST /compatibility/subjects/s/versions/latest", status, body);

        assertThat(client(registry.url()).isCompatible("s", TEXT)).isEqualTo(compatible);
    }

    @Test
    void shouldListSubjects() {
        registry.on("GET /subjects", 200, "[\"a\",\"b\"]");

        assertThat(client(registry.url()).subjects()).containsExactly("a", "b");
    }

    @Test
    void shouldKeepThePathOfTheUrl() {
        registry.on("GET /apis/ccompat/v7/subjects", 200, "[]");

        assertThat(client(registry.url() + "/apis/ccompat/v7/").subjects()).isEmpty();
    }

    @Test
    void shouldSendTheCredentialsAndNotTellThem() {
        registry.on("GET /subjects", 401, "{\"error_code\":401,\"message\":\"no\"}");
        String url = registry.url().replace("//", "//joe:s3cret@");

        RegistryException failure = failure(() -> client(url).subjects());

        assertThat(registry.asked().get(0).authorization())
                .containsExactly("Basic am9lOnMzY3JldA==");
        assertThat(failure).message().contains(registry.url()).doesNotContain("s3cret", "joe");
    }

    @Test
    void shouldRefuseAnAnswerThatIsTooLarge() {
        registry.on("GET /subjects", 200, "[\"" + "x".repeat(33 * 1024 * 1024) + "\"]");
        Map<String, ?> once =
                Map.of(RegistryConfig.URL, registry.url(), RegistryConfig.MAX_RETRIES, 0);

        RegistryException failure = failure(() -> client(once).subjects());

        assertThat(failure).message().contains("larger than 33554432 bytes");
    }

    @Test
    void shouldServeManyThreads() throws ExecutionException, InterruptedException {
        IntStream.range(0, 20)
                .forEach(id -> registry.on("GET /schemas/ids/" + id, 200, TEXT_BY_ID));
        SchemaRegistryClient client = client(registry.url());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Schema>> calls =
                IntStream.range(0, 400)
                        .<Callable<Schema>>mapToObj(i -> () -> client.schemaById(i % 20))
                        .toList();

        List<Future<Schema>> found = threads.invokeAll(calls);

        threads.shutdown();
        for (Future<Schema> schema : found) {
            assertThat(schema.get()).isEqualTo(TEXT);
        }
    }

    @Test
    void shouldKeepTheInterruptOfItsCaller() {
        registry.on("GET /schemas/ids/7", 0, "");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> client(registry.url()).schemaById(7))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static RegistryException failure(ThrowingCallable call) {
        return catchThrowableOfType(RegistryException.class, call);
    }

    private static SchemaRegistryClient client(String urls) {
        return client(Map.of(RegistryConfig.URL, urls));
    }

    private static SchemaRegistryClient client(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(RegistryConfig.MAX_RETRIES, 2);
        all.put(RegistryConfig.RETRIES_WAIT_MS, 1);
        all.putAll(settings);
        return new SchemaRegistryClient(RegistryConfig.from(all));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
