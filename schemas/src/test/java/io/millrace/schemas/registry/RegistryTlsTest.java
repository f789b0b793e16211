package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

final class RegistryTlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir static Path directory;

    private static FakeRegistry registry;

    @BeforeAll
    static void startRegistry() throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                "r",
                "-keyalg",
                "EC",
                "-dname",
                "CN=registry",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                file("server.p12"));
        keytool(
                "-exportcert",
                "-alias",
                "r",
                "-keystore",
                file("server.p12"),
                "-file",
                file("r.crt"));
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "r",
                "-file",
                file("r.crt"),
                "-keystore",
                file("trust.p12"));
        SSLContext tls =
                TlsFiles.from(key ->
                                Optional.ofNullable(
                                        Map.of(
                                                        "schema.registry.ssl.keystore.location",
                                                        file("server.p12"),
                                                        "schema.registry.ssl.keystore.password",
                                                        PASSWORD)
                                                .get(key)))
                        .orElseThrow();
        registry = FakeRegistry.startWith(tls).on("GET /subjects", 200, "[\"s\"]");
    }

    @AfterAll
    static void closeRegistry() {
        registry.close();
    }

    @Test
    void shouldTrustWhatTheTrustStoreHolds() {
        RegistryConfig config = config(file("trust.p12"), PASSWORD);

        try (SchemaRegistryClient client = new SchemaRegistryClient(config)) {
            assertThat(client.subjects()).containsExactly("s");
        }
    }

    @Test
    void shouldNotTrustAnUnknownCertificate() {
        Map<String, ?> settings = Map.of("schema.registry.url", registry.url(), "max.retries", 0);
        try (SchemaRegistryClient client =
                new SchemaRegistryClient(RegistryConfig.from(settings))) {
            RegistryException failure =
                    catchThrowableOfType(RegistryException.class, client::subjects);

            assertThat(failure.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE);
            assertThat(failure).message().contains("schema.registry.ssl", registry.url());
        }
    }

    @Test
    void shouldTellThatTheTrustStoreIsMissing() {
        RegistryException failure =
                catchThrowableOfType(
                        RegistryException.class, () -> config(file("missing.p12"), PASSWORD));

        assertThat(failure.kind()).isEqualTo(RegistryException.Kind.INVALID);
        assertThat(failure)
                .message()
                .contains("schema.registry.ssl.truststore.location", "missing.p12");
    }

    @Test
    void shouldTellThatThePasswordIsWrongWithoutTellingIt() {
        RegistryException failure =
                catchThrowableOfType(
                        RegistryException.class, () -> config(file("trust.p12"), "topsecret"));

        assertThat(failure).message().contains("password").doesNotContain("topsecret", "\n");
    }

    @Test
    void shouldTellThatTheFileIsNoStore() throws IOException {
        Files.writeString(directory.resolve("text.p12"), "no store");

        RegistryException failure =
                catchThrowableOfType(
                        RegistryException.class, () -> config(file("text.p12"), PASSWORD));

        assertThat(failure).message().contains("text.p12", "cannot be used");
    }

    private static RegistryConfig config(String trustStore, String password) {
        return RegistryConfig.from(
                Map.of(
                        "schema.registry.url",
                        registry.url(),
                        "schema.registry.ssl.truststore.location",
                        trustStore,
                        "schema.registry.ssl.truststore.password",
                        password,
                        "schema.registry.ssl.truststore.type",
                        "PKCS12"));
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(arguments[0]).isZero();
    }
}
