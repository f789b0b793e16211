package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.millrace.engine.cli.Millrace;
import io.millrace.it.ComposeFile.Mount;
import io.millrace.it.ComposeFile.Service;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The compose file hangs together. What is set in it is the matter of ComposeSettingsTest. */
final class ComposeFileTest {
    /** What the build makes; there need not be a build before this test. */
    private static final Set<String> BUILD_OUTPUTS =
            Set.of("connectors/target/plugin", "engine/target/lib");

    private static ComposeFile file = new ComposeFile(Map.of(), Set.of(), Map.of(), Set.of());

    @BeforeAll
    static void readFile() throws IOException {
        file = ComposeFile.read();
    }

    @Test
    void shouldHaveThreeBrokersAndTwoNodes() {
        assertThat(file.services())
                .containsOnlyKeys(
                        "kafka-1",
                        "kafka-2",
                        "kafka-3",
                        "prepare",
                        "schema-registry",
                        "connect",
                        "object-store",
                        "engine-1",
                        "engine-2");
    }

    @Test
    void shouldGiveEveryServiceAnImageWithAPinnedVersion() {
        for (Service service : file.services().values()) {
            assertThat(service.image())
                    .as(service.name())
                    .hasValueSatisfying(
                            it -> assertThat(it).matches("[a-z0-9/-]+:[A-Za-z0-9.-]*\\d.*"));
        }
        assertThat(file.variable("JAVA_IMAGE")).isEqualTo("eclipse-temurin:25-jre");
    }

    @Test
    void shouldTakeTheVersionsOfTheBuild() throws IOException {
        String pom = Files.readString(ComposeFile.CHECKOUT.resolve("pom.xml"));
        String itPom = Files.readString(ComposeFile.CHECKOUT.resolve("it/pom.xml"));

        assertThat(file.variable("KAFKA_VERSION"))
                .isEqualTo(only("<kafka\\.version>([^<]+)<", pom));
        assertThat(file.variable("OBJECT_STORE_VERSION"))
                .isEqualTo("s3proxy-" + only("<s3proxy\\.version>([^<]+)<", pom));
        assertThat(file.variable("MILLRACE_VERSION"))
                .isEqualTo(only("<artifactId>millrace</artifactId>\\s*<version>([^<]+)<", pom));
        assertThat(file.variable("REGISTRY_VERSION"))
                .isEqualTo(
                        only(
                                "<artifactId>apicurio-registry-app</artifactId><version>([^<]+)<",
                                itPom));
    }

    @Test
    void shouldDefineEveryVariableItUses() {
        assertThat(file.used()).isEqualTo(file.variables().keySet());
        assertThat(file.variables().values()).noneMatch(String::isBlank);
    }

    @Test
    void shouldPublishEveryPortOnLoopbackOnly() {
        assertThat(notOnLoopback(file.services().values())).isEmpty();
    }

    @Test
    void shouldNoticeAPortThatIsOpenToOthers() {
        var open = new Service("open", Map.of("ports", List.of("9092:9092")));
        var wide = new Service("wide", Map.of("ports", List.of("0.0.0.0:1:1")));

        assertThat(notOnLoopback(List.of(open, wide))).containsExactly("9092:9092", "0.0.0.0:1:1");
    }

    @Test
    void shouldPublishNoPortTwice() {
        List<String> ports = new ArrayList<>();
        for (Service service : file.services().values()) {
            service.ports().forEach(port -> ports.add(port.split(":", -1)[1]));
        }

        assertThat(ports).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void shouldMountOnlyWhatIsThereOrBuilt() {
        Set<String> volumes = new TreeSet<>();
        for (Service service : file.services().values()) {
            for (Mount mount : service.mounts()) {
                if (mount.isBind()) {
                    assertThat(ComposeFile.FOLDER.resolve(mount.source()).normalize())
                            .as(service.name())
                            .satisfies(ComposeFileTest::isThereOrBuilt);
                } else {
                    volumes.add(mount.source());
                }
            }
        }
        assertThat(volumes).isEqualTo(new TreeSet<>(file.volumes()));
    }

    @Test
    void shouldShareNoVolumeButWithTheOneThatPreparesIt() {
        Set<String> seen = new HashSet<>();
        for (Service service : file.services().values()) {
            if (!service.name().equals("prepare")) {
                service.mounts().stream()
                        .filter(mount -> !mount.isBind())
                        .forEach(it -> assertThat(seen.add(it.source())).as(it.source()).isTrue());
            }
        }
        assertThat(seen).isEqualTo(file.volumes());
    }

    @Test
    void shouldWaitOnlyForWhatCanBecomeTrue() {
        for (Service service : file.services().values()) {
            service.dependencies()
                    .forEach((name, condition) -> {
                        if (name.equals("prepare")) {
                            assertThat(condition).isEqualTo("service_completed_successfully");
                        } else {
                            assertThat(condition).isEqualTo("service_healthy");
                            assertThat(file.service(name).settings()).containsKey("healthcheck");
                        }
                    });
        }
        assertThat(file.service("engine-1").dependencies())
                .containsOnlyKeys("kafka-1", "kafka-2", "kafka-3", "schema-registry");
    }

    @Test
    void shouldCopyOnlyWhatIsThereOrBuiltIntoTheImage() throws IOException {
        String dockerfile = Files.readString(ComposeFile.FOLDER.resolve("Dockerfile"));
        List<String> let =
                Files.readAllLines(ComposeFile.FOLDER.resolve("Dockerfile.dockerignore"));
        List<String> sources =
                Pattern.compile("(?m)^COPY (\\S+) \\S+$")
                        .matcher(dockerfile)
                        .results()
                        .map(it -> it.group(1))
                        .toList();

        assertThat(sources).hasSize(3);
        for (String source : sources) {
            String pattern = source.replace("${MILLRACE_VERSION}", "*");
            assertThat(let).contains("!" + pattern);
            if (pattern.equals(source)) {
                isThereOrBuilt(ComposeFile.CHECKOUT.resolve(source));
            } else {
                assertThat(source)
                        .isEqualTo("engine/target/millrace-engine-${MILLRACE_VERSION}.jar");
            }
        }
    }

    @Test
    void shouldRunTheNodeAsAUserOfItsOwnAndWithoutAShell() throws IOException {
        String dockerfile = Files.readString(ComposeFile.FOLDER.resolve("Dockerfile"));

        assertThat(dockerfile)
                .containsPattern("(?m)^USER 10001:10001$")
                .contains("ENTRYPOINT [\"java\"")
                .contains("\"" + Millrace.class.getName() + "\"]")
                .contains("CMD [\"server\"]")
                .contains("HEALTHCHECK");
    }

    @Test
    void shouldTellAServiceThatAnswersFromOneThatDoesNot()
            throws IOException, InterruptedException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/well", 200);
        answer(server, "/ill", 503);
        server.start();
        String port = "" + server.getAddress().getPort();
        try {
            assertThat(run("is-up.sh", port)).isZero();
            assertThat(run("is-up.sh", port, "/well")).isZero();
            assertThat(run("is-up.sh", port, "/ill")).isNotZero();
        } finally {
            server.stop(0);
        }
        assertThat(run("is-up.sh", port)).isNotZero();
    }

    @Test
    void shouldTellANodeWithAConnectionFromOneWithout(@TempDir Path net)
            throws IOException, InterruptedException {
        String to9092 = "   2: 0100007F:C350 050012AC:2384 %s 00000000:00000000 00:00000000\n";
        Files.writeString(net.resolve("tcp"), to9092.formatted("02"));

        assertThat(run("is-connected.sh", "9092", net.toString())).isNotZero();

        Files.writeString(net.resolve("tcp6"), to9092.formatted("01"));

        assertThat(run("is-connected.sh", "9092", net.toString())).isZero();
        assertThat(run("is-connected.sh", "9093", net.toString())).isNotZero();
    }

    private static void answer(HttpServer server, String path, int status) {
        server.createContext(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
    }

    private static int run(String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add("bash");
        command.add(ComposeFile.FOLDER.resolve(script).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static List<String> notOnLoopback(Iterable<Service> services) {
        List<String> open = new ArrayList<>();
        for (Service service : services) {
            service.ports().stream()
                    .filter(port -> !port.matches("127\\.0\\.0\\.1:\\d{2,5}:\\d{2,5}"))
                    .forEach(open::add);
        }
        return open;
    }

    private static void isThereOrBuilt(Path path) {
        String name = ComposeFile.CHECKOUT.relativize(path).toString().replace('\\', '/');
        if (!BUILD_OUTPUTS.contains(name)) {
            assertThat(path).exists();
        }
    }

    private static String only(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
