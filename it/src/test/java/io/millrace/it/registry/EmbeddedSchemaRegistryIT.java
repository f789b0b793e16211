package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** The protocol of the embedded registry, call by call. */
final class EmbeddedSchemaRegistryIT {
    private static final String INT = "{\"schema\":\"\\\"int\\\"\"}";
    private static final String LONG = "{\"schema\":\"\\\"long\\\"\"}";
    private static final String TEXT = "{\"schema\":\"\\\"string\\\"\"}";

    @TempDir static Path directory;

    private static RegistryServers servers;
    private static RegistryCalls calls;

    @BeforeAll
    static void startServers() {
        servers = RegistryServers.start(directory.resolve("broker"));
        calls = new RegistryCalls(URI.create(servers.url()));
    }

    @AfterAll
    static void closeServers() {
        calls.close();
        servers.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nowhere, 404, 404",
        "PATCH, /subjects, 404, 404",
        "GET, /subjects/nobody/versions, 404, 40401",
        "GET, /subjects/nobody/versions/1, 404, 40401",
        "DELETE, /subjects/nobody, 404, 40401",
        "DELETE, /subjects/nobody/versions/1, 404, 40401",
        "GET, /subjects/nobody/versions/0, 422, 42202",
        "GET, /subjects/nobody/versions/newest, 422, 42202",
        "GET, /schemas/ids/999999, 404, 40403",
        "GET, /schemas/ids/x, 404, 404",
        "GET, /config/nobody, 404, 40408",
        "GET, /subjects/%zz/versions, 400, 400"
    })
    void shouldRefuseWithTheCodeOfTheProtocol(String method, String path, int status, int code) {
        HttpResponse<String> answer = calls.response(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).startsWith("{\"error_code\":" + code + ",\"message\":\"");
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/vnd.schemaregistry.v1+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"schema\":\"\"}",
                "{\"schema\":\"nonsense\"}",
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\"}\"}",
                "{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"JSON\"}",
                "{\"schema\":\"\\\"int\\\"\",\"references\":[{\"name\":\"a\"}]}",
                "{\"schema\":\"\\\"int\\\"\",\"id\":7}"
            })
    void shouldRefuseWhatIsNoPlainAvroSchema(String body) {
        assertThat(calls.post("/subjects/refused/versions", body))
                .startsWith("422 {\"error_code\":42201");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[]", "7"})
    void shouldRefuseABodyThatIsNoObject(String body) {
        assertThat(calls.post("/subjects/refused/versions", body)).startsWith("400 ");
    }

    @Test
    void shouldRefuseABodyThatIsTooLarge() {
        String body = "{\"schema\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}";

        assertThat(calls.post("/subjects/refused/versions", body)).startsWith("413 ");
    }

    @Test
    void shouldRefuseAnUnknownLevel() {
        assertThat(calls.put("/config/s", "{\"compatibility\":\"SOMETIMES\"}"))
                .startsWith("422 {\"error_code\":42203");
    }

    @Test
    void shouldRefuseToNormalise() {
        assertThat(calls.post("/subjects/refused/versions?normalize=true", INT))
                .startsWith("422 {\"error_code\":42201");
    }

    @Test
    void shouldAnswerAboutItself() {
        assertThat(calls.get("/")).isEqualTo("200 {}");
        assertThat(calls.get("/schemas/types")).isEqualTo("200 [\"AVRO\"]");
        assertThat(calls.get("/mode")).isEqualTo("200 {\"mode\":\"READWRITE\"}");
        assertThat(calls.get("/config")).isEqualTo("200 {\"compatibilityLevel\":\"BACKWARD\"}");
    }

    @Test
    void shouldNumberVersionsAndGiveOneIdToOneSchema() {
        String first = calls.post("/subjects/one/versions", INT);
        String second = calls.post("/subjects/one/versions", LONG);

        assertThat(second).isNotEqualTo(first);
        assertThat(calls.post("/subjects/one/versions", INT)).isEqualTo(first);
        assertThat(calls.post("/subjects/other/versions", INT)).isEqualTo(first);
        assertThat(calls.get("/subjects/one/versions")).isEqualTo("200 [1,2]");
        assertThat(calls.get("/subjects/one/versions/latest/schema")).isEqualTo("200 \"long\"");
        assertThat(calls.post("/subjects/one", INT)).contains("\"version\":1");
        assertThat(calls.post("/subjects/one", TEXT)).startsWith("404 {\"error_code\":40403");
        assertThat(calls.get("/schemas/ids/" + id(first) + "/versions"))
                .isEqualTo(
                        "200 [{\"subject\":\"one\",\"version\":1},"
                                + "{\"subject\":\"other\",\"version\":1}]");
    }

    @Test
    void shouldKeepNamesOfSubjectsAsTheyAre() {
        String path = "/subjects/a%2Fb%20c+%C3%BC";

        calls.post(path + "/versions", INT);

        assertThat(calls.get(path + "/versions/1")).contains("\"subject\":\"a/b c+ü\"");
        assertThat(calls.get("/subjects?subjectPrefix=a%2Fb")).isEqualTo("200 [\"a/b c+ü\"]");
    }

    @ParameterizedTest
    @CsvSource({
        // int can become long (a reader of long reads int), not the other way round
        "NONE, true, true",
        "BACKWARD, true, false",
        "BACKWARD_TRANSITIVE, true, false",
        "FORWARD, false, true",
        "FORWARD_TRANSITIVE, false, true",
        "FULL, false, false",
        "FULL_TRANSITIVE, false, false"
    })
    void shouldHoldTheLevelOfTheSubject(String level, boolean canWiden, boolean canNarrow) {
        calls.put("/config/widen-" + level, "{\"compatibility\":\"" + level + "\"}");
        calls.put("/config/narrow-" + level, "{\"compatibility\":\"" + level + "\"}");
        calls.post("/subjects/widen-" + level + "/versions", INT);
        calls.post("/subjects/narrow-" + level + "/versions", LONG);

        assertThat(compatible("widen-" + level, LONG)).isEqualTo(canWiden);
        assertThat(compatible("narrow-" + level, INT)).isEqualTo(canNarrow);
        assertThat(calls.post("/subjects/widen-" + level + "/versions", LONG))
                .startsWith(canWiden ? "200 " : "409 {\"error_code\":409");
    }

    @Test
    void shouldLookAtAllVersionsOnlyWhenTheLevelIsTransitive() {
        calls.put("/config/chain", "{\"compatibility\":\"NONE\"}");
        calls.post("/subjects/chain/versions", TEXT);
        calls.post("/subjects/chain/versions", INT);
        calls.put("/config/chain", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");

        String transitive = calls.post("/subjects/chain/versions", LONG);
        calls.put("/config/chain", "{\"compatibility\":\"BACKWARD\"}");
        String latestOnly = calls.post("/subjects/chain/versions", LONG);

        assertThat(transitive).startsWith("409 ").contains("cannot read version 1");
        assertThat(latestOnly).startsWith("200 ");
    }

    @Test
    void shouldTellWhatIsIncompatibleWhenAsked() {
        calls.post("/subjects/verbose/versions", INT);

        assertThat(calls.post("/compatibility/subjects/verbose/versions/latest?verbose=true", TEXT))
                .startsWith("200 {\"is_compatible\":false,\"messages\":[\"cannot read version 1");
    }

    @Test
    void shouldSetAndResetLevels() {
        assertThat(calls.put("/config/leveled", "{\"compatibility\":\"forward\"}"))
                .isEqualTo("200 {\"compatibility\":\"FORWARD\"}");
        assertThat(calls.get("/config/leveled"))
                .isEqualTo("200 {\"compatibilityLevel\":\"FORWARD\"}");
        assertThat(calls.delete("/config/leveled"))
                .isEqualTo("200 {\"compatibilityLevel\":\"FORWARD\"}");
        assertThat(calls.get("/config/leveled?defaultToGlobal=true"))
                .isEqualTo("200 {\"compatibilityLevel\":\"BACKWARD\"}");
    }

    @Test
    void shouldDeleteSoftlyFirstAndForGoodThen() {
        String id = id(calls.post("/subjects/doomed/versions", "{\"schema\":\"\\\"bytes\\\"\"}"));

        assertThat(calls.delete("/subjects/doomed?permanent=true"))
                .startsWith("404 {\"error_code\":40405");
        assertThat(calls.delete("/subjects/doomed/versions/1?permanent=true"))
                .startsWith("404 {\"error_code\":40407");
        assertThat(calls.delete("/subjects/doomed/versions/latest")).isEqualTo("200 1");
        assertThat(calls.delete("/subjects/doomed/versions/1"))
                .startsWith("404 {\"error_code\":40406");
        assertThat(calls.delete("/subjects/doomed")).startsWith("404 {\"error_code\":40404");
        assertThat(calls.get("/subjects/doomed/versions")).startsWith("404 ");
        assertThat(calls.get("/subjects/doomed/versions?deleted=true")).isEqualTo("200 [1]");
        assertThat(calls.get("/schemas/ids/" + id)).startsWith("200 ");
        assertThat(calls.delete("/subjects/doomed?permanent=true")).isEqualTo("200 [1]");
        assertThat(calls.get("/schemas/ids/" + id)).startsWith("404 ");
    }

    @Test
    void shouldCountOnAfterADeletedVersion() {
        String before = calls.post("/subjects/again/versions", INT);
        calls.delete("/subjects/again");

        String after = calls.post("/subjects/again/versions", INT);

        assertThat(after).isEqualTo(before);
        assertThat(calls.get("/subjects/again/versions")).isEqualTo("200 [2]");
    }

    @Test
    void shouldServeOurOwnClient() {
        Schema number = Schema.create(Schema.Type.INT);
        Schema text = Schema.create(Schema.Type.STRING);
        try (SchemaRegistryClient client = servers.client()) {
            assertThat(client.isCompatible("own", number)).isTrue();
            int id = client.register("own", number);

            assertThat(client.schemaById(id)).isEqualTo(number);
            assertThat(client.latest("own").version()).isEqualTo(1);
            assertThat(client.lookup("own", number).id()).isEqualTo(id);
            assertThat(client.subjects()).contains("own");
            assertThat(client.isCompatible("own", text)).isFalse();
            RegistryException refused =
                    catchThrowableOfType(
                            RegistryException.class, () -> client.register("own", text));
            assertThat(refused.kind()).isEqualTo(RegistryException.Kind.INCOMPATIBLE);
        }
    }

    private static boolean compatible(String subject, String schema) {
        return calls.post("/compatibility/subjects/" + subject + "/versions/latest", schema)
                .contains("true");
    }

    private static String id(String answer) {
        return answer.replaceAll("\\D*200 \\{\"id\":(\\d+)}", "$1");
    }
}
