package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.cluster.Cluster;
import io.millrace.it.harness.ChildProcess;
import io.millrace.it.harness.Launcher;
import io.millrace.it.harness.RunningDev;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What a user gets for wrong input: one line that helps, an exit code, and nothing half done. */
class BadInputIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int INVALID = 2;
    private static final int NOT_FOUND = 3;
    private static final int IN_USE = 4;
    private static final int DENIED = 5;

    /** Short commands: what the second compiler would make of them is never used. */
    private static final Launcher MILLRACE =
            Launcher.ofThisCheckout().with("MILLRACE_OPTS", "-XX:TieredStopAtLevel=1");

    private static final List<String> PORTS =
            List.of("--kafka-port", "--registry-port", "--connect-port", "--s3-port");

    private static final Map<String, Integer> FREE =
            PORTS.stream().collect(Collectors.toMap(name -> name, name -> 0));

    @TempDir static Path shared;
    private static Path data;
    private static RunningDev dev;
    private static Launcher toDev;

    @TempDir Path folder;

    /** How a command ended. */
    private record Ended(OptionalInt code, List<String> out, List<String> err) {}

    @BeforeAll
    static void start() throws IOException {
        data = shared.resolve("data");
        dev = RunningDev.start(MILLRACE, Files.createDirectories(shared.resolve("dev")), data);
        toDev =
                MILLRACE.with("MILLRACE_BOOTSTRAP_SERVERS", dev.addresses().kafka())
                        .with("MILLRACE_SCHEMA_REGISTRY_URL", dev.addresses().registry())
                        .with("MILLRACE_CONNECT_URL", dev.addresses().connect());
    }

    @AfterAll
    static void stop() {
        dev.close();
    }

    @Test
    void shouldRefuseAManifestThatIsNotThere()
            throws IOException, InterruptedException, ExecutionException {
        refusesToDeploy(folder.resolve("nowhere.yaml"), NOT_FOUND, "nowhere.yaml");
    }

    /** A directory stands for whatever cannot be read: root may read every file. */
    @Test
    void shouldRefuseAManifestThatCannotBeRead()
            throws IOException, InterruptedException, ExecutionException {
        Path directory = Files.createDirectories(folder.resolve("directory.yaml"));

        refusesToDeploy(directory, INVALID, "directory.yaml", "is a folder", "name the YAML file");
    }

    @Test
    void shouldRefuseAManifestThatIsNotYaml()
            throws IOException, InterruptedException, ExecutionException {
        Path file = Files.writeString(folder.resolve("text.yaml"), "function: [hello\nx: ]: {");

        refusesToDeploy(file, INVALID, "text.yaml", "line ");
    }

    @Test
    void shouldRefuseAnUnknownField() throws IOException, InterruptedException, ExecutionException {
        refusesToDeploy(
                manifest(text -> text.replace("timeout:", "time-out:")),
                INVALID,
                "line ",
                "'time-out'",
                "timeout");
    }

    @Test
    void shouldRefuseAHandlerClassThatIsNotInThePackage()
            throws IOException, InterruptedException, ExecutionException {
        refusesToDeploy(
                manifest(text -> text.replace("HelloFunction", "HalloFunction")),
                NOT_FOUND,
                "io.millrace.examples.hello.HalloFunction",
                "hello.jar");
    }

    @Test
    void shouldRefuseAPackageThatIsNoJar()
            throws IOException, InterruptedException, ExecutionException {
        Path text = Files.writeString(folder.resolve("code.jar"), "no jar");

        refusesToDeploy(
                manifest(manifest -> manifest.replaceAll("code: .*", "code: " + text)),
                INVALID,
                text.toString(),
                "is not a jar");
    }

    @Test
    void shouldRefuseASourceOnABucketThatDoesNotExist()
            throws IOException, InterruptedException, ExecutionException {
        var keys = dev.addresses().readCredentials();
        String source =
                """
                sources:
                  - name: bad-bucket
                    topic: bad-names
                    connector: object-store
                    config:
                      objectstore.endpoint: "%s"
                      objectstore.access.key: "%s"
                      objectstore.secret.key: "%s"
                      objectstore.bucket: no-such-bucket
                """
                        .formatted(
                                dev.addresses().objectStore(),
                                keys.getProperty("aws_access_key_id"),
                                keys.getProperty("aws_secret_access_key"));

        refusesToDeploy(
                manifest(text -> text + source),
                INVALID,
                "'bad-bucket'",
                "'no-such-bucket'",
                "objectstore.bucket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--kafka-port", "--registry-port", "--connect-port", "--s3-port"})
    void shouldRefuseAPortThatIsInUse(String option) throws IOException {
        Path untouched = folder.resolve("data");
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, Integer> ports = new TreeMap<>();
            PORTS.forEach(name -> ports.put(name, 0));
            ports.put(option, busy.getLocalPort());

            Ended ended = dev(untouched, ports);

            refused(ended, IN_USE, "'" + busy.getLocalPort() + "'", option, "0 for any free");
            assertThat(untouched).doesNotExist();
        }
    }

    @Test
    void shouldRefuseAPortThatIsWantedTwice() throws IOException {
        Path untouched = folder.resolve("data");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Ended ended =
                dev(
                        untouched,
                        Map.of(
                                "--kafka-port",
                                port,
                                "--registry-port",
                                port,
                                "--connect-port",
                                0,
                                "--s3-port",
                                0));

        refused(ended, INVALID, "'" + port + "'", "two servers");
        assertThat(untouched).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"nowhere.yaml, 3", "broken.yaml, 2"})
    void shouldMakeNoDataForAManifestThatCannotBeDeployed(String name, int code)
            throws IOException {
        Path untouched = folder.resolve("data");
        Files.writeString(folder.resolve("broken.yaml"), "function: 7up!");

        Ended ended = dev(untouched, FREE, folder.resolve(name).toString());

        refused(ended, code, name);
        assertThat(untouched).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "demo"})
    void shouldRefuseADataDirectoryThatAnotherProcessHas(String command)
            throws IOException, InterruptedException, ExecutionException {
        Path log = data.resolve("logs").resolve("millrace.log");
        Files.writeString(log, "a line of the other process\n");
        Ended ended = devOrDemo(command, data);

        refused(ended, IN_USE, "'" + data + "'", "choose another");
        assertThat(log).content().startsWith("a line of the other process");
        assertThat(run(toDev, "triggers").code()).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "demo"})
    void shouldRefuseADataDirectoryThatIsAFile(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("data"), "precious");

        Ended ended = devOrDemo(command, file);

        refused(ended, DENIED, "'" + file + "'", "choose a directory you may write");
        assertThat(file).hasContent("precious");
    }

    /** Nobody may make anything there, root neither. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/millrace", "/dev/null/millrace"})
    void shouldRefuseADataDirectoryThatCannotBeMade(String place) throws IOException {
        Ended ended = run(MILLRACE, "demo", "--data=" + place);

        refused(ended, DENIED, "'" + place + "'", "choose a directory you may write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "missing"})
    void shouldRefuseAFolderWithoutPictures(String name) throws IOException {
        Path untouched = folder.resolve("data");
        Files.writeString(
                Files.createDirectories(folder.resolve("empty")).resolve("notes.txt"), "none");

        Ended ended =
                run(MILLRACE, "demo", "--photos=" + folder.resolve(name), "--data=" + untouched);

        refused(ended, NOT_FOUND, "'" + folder.resolve(name) + "'");
        assertThat(untouched).doesNotExist();
    }

    @Test
    void shouldRefuseAJdkThatIsTooOld() throws IOException {
        Path jdk = oldJdk();

        Ended named = run(MILLRACE.with("MILLRACE_JAVA_HOME", jdk.toString()), "--help");
        refused(named, NOT_FOUND, "MILLRACE_JAVA_HOME '" + jdk + "'", "JDK 25");

        Launcher onlyOld =
                MILLRACE.withoutEnvironment()
                        .with("PATH", toolsWithoutJava().toString())
                        .with("HOME", folder.toString())
                        .with("JAVA_HOME", jdk.toString())
                        .with("MILLRACE_JDKS", String.valueOf(jdk.getParent()));
        refused(run(onlyOld, "--help"), NOT_FOUND, "no JDK 25", "install one", "JAVA_HOME");
    }

    /** What is wrong is told in one line, and the cluster is as it was. */
    private void refusesToDeploy(Path manifest, int code, String... told)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, Object> before = state();

        Ended ended = run(toDev, "deploy", manifest.toString());

        refused(ended, code, told);
        assertThat(ended.out()).isEmpty();
        assertThat(state()).isEqualTo(before);
    }

    private static void refused(Ended ended, int code, String... told) {
        assertThat(ended.err()).as("lines on standard error").hasSize(1);
        assertThat(ended.err().getFirst()).startsWith("millrace: ").contains(told);
        assertThat(ended.code()).as(ended.err().getFirst()).hasValue(code);
    }

    private Ended devOrDemo(String command, Path where) throws IOException {
        return command.equals("dev") ? dev(where, FREE) : run(MILLRACE, "demo", "--data=" + where);
    }

    private Ended dev(Path where, Map<String, Integer> ports, String... manifests)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("dev", "--data=" + where));
        ports.forEach((name, port) -> arguments.add(name + "=" + port));
        arguments.addAll(List.of(manifests));
        return run(MILLRACE, arguments.toArray(String[]::new));
    }

    private Ended run(Launcher launcher, String... arguments) throws IOException {
        Path output = Files.createDirectories(folder.resolve("output"));
        try (ChildProcess process = launcher.start(output, arguments)) {
            OptionalInt code = process.awaitExit(LIMIT);
            return new Ended(code, process.out(), process.err());
        }
    }

    private Path manifest(UnaryOperator<String> change) throws IOException {
        String good =
                """
                function: bad-hello
                handler: io.millrace.examples.hello.HelloFunction
                code: %s
                timeout: 3s
                triggers:
                  - topic: bad-names
                    results: bad-greetings
                """
                        .formatted(helloJar());
        return Files.writeString(folder.resolve("function.yaml"), change.apply(good));
    }

    private static Path helloJar() {
        return MILLRACE.home().resolve("functions-sdk/examples/hello/target/hello.jar");
    }

    /** Topics, how many records those of the engine have, and connectors. */
    private static Map<String, Object> state()
            throws IOException, InterruptedException, ExecutionException {
        Map<String, Object> state = new TreeMap<>();
        try (Admin admin = cluster().admin("test");
                Consumer<byte[], byte[]> consumer = cluster().consumer("test");
                HttpClient http = HttpClient.newHttpClient()) {
            Set<String> topics = new TreeSet<>(admin.listTopics().names().get());
            state.put("topics", topics);
            for (String topic : topics) {
                if (topic.startsWith("millrace.")) {
                    state.put(
                            topic,
                            consumer.endOffsets(
                                    consumer.partitionsFor(topic).stream()
                                            .map(info ->
                                                    new TopicPartition(topic, info.partition()))
                                            .toList()));
                }
            }
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(dev.addresses().connect() + "/connectors"))
                            .timeout(LIMIT)
                            .build();
            state.put(
                    "connectors", http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
        return state;
    }

    private static Cluster cluster() {
        return new Cluster(dev.addresses().kafka(), Map.of());
    }

    /** Looks like a JDK 17 from outside; started, it would say so. */
    private Path oldJdk() throws IOException {
        Path jdk = folder.resolve("jdks").resolve("jdk-17");
        Path bin = Files.createDirectories(jdk.resolve("bin"));
        for (String tool : List.of("java", "javac")) {
            Path script = bin.resolve(tool);
            Files.writeString(script, "#!/bin/sh\necho started an old JDK >&2\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
        return jdk;
    }

    /** What the launcher needs of the usual places, and no java. */
    private Path toolsWithoutJava() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "find", "head")) {
            Path found =
                    Arrays.stream(System.getenv("PATH").split(":"))
                            .map(place -> Path.of(place, tool))
                            .filter(Files::isExecutable)
                            .findFirst()
                            .orElseThrow();
            Files.createSymbolicLink(tools.resolve(tool), found);
        }
        return tools;
    }
}
