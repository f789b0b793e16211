package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.dev.Installation;
import io.millrace.it.harness.ChildProcess;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An S3 server over a folder, in a JVM of its own: it can be killed and started again at the same
 * address with the same objects. Threading: one thread.
 */
final class S3ProxyProcess implements AutoCloseable {
    private static final String ACCESS_KEY = "prove-identity";
    private static final String SECRET_KEY = "prove-credential";

    private final Path folder;
    private final int port;
    private ChildProcess process;

    private S3ProxyProcess(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.process = launch();
        awaitOpen();
    }

    static S3ProxyProcess start(Path folder) {
        return new S3ProxyProcess(folder, freePort());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of a connector that lead to this server. */
    Map<String, String> settings() {
        return Map.of(
                "objectstore.endpoint", endpoint(),
                "objectstore.access.key", ACCESS_KEY,
                "objectstore.secret.key", SECRET_KEY);
    }

    /** A client that may do everything. */
    S3Client client() {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    /** Puts empty objects into a bucket that is there, past the protocol. */
    void fill(String bucket, int number) {
        Path objects = folder.resolve("objects").resolve(bucket);
        try {
            for (int i = 0; i < number; i++) {
                Files.createFile(objects.resolve(String.format("object-%07d", i)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9} and a start do. */
    void restart() {
        process.close();
        process = launch();
        awaitOpen();
    }

    @Override
    public void close() {
        process.close();
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    private ChildProcess launch() {
        try {
            Path objects = Files.createDirectories(folder.resolve("objects"));
            Path properties = folder.resolve("s3proxy.properties");
            Files.write(
                    properties,
                    List.of(
                            "s3proxy.endpoint=" + endpoint(),
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + ACCESS_KEY,
                            "s3proxy.credential=" + SECRET_KEY,
                            "jclouds.provider=filesystem-nio2",
                            "jclouds.filesystem.basedir=" + objects));
            Path jar = Installation.find().home().resolve("connectors/target/s3proxy/s3proxy.jar");
            return ChildProcess.start(
                    folder,
                    folder,
                    new TreeMap<>(Map.copyOf(System.getenv())),
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-jar",
                            jar.toString(),
                            "--properties",
                            properties.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitOpen() {
        await("S3Proxy listens")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                });
    }
}
