package io.millrace.connectors.objectstore;

import static org.awaitility.Awaitility.await;

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

/**
 * An S3 server over a folder, in a child process: it can be stopped and started again on the same
 * port with the same objects.
 */
final class S3ProxyServer implements AutoCloseable {
    static final String ACCESS_KEY = "local-identity";
    static final String SECRET_KEY = "local-credential";
    private static final Path JAR = Path.of("target", "s3proxy", "s3proxy.jar");

    private final Path folder;
    private final int port;
    private final Thread killer = new Thread(this::stop, "s3proxy-killer");
    private Process process;

    S3ProxyServer(Path folder) {
        this.folder = folder;
        this.port = freePort();
        Runtime.getRuntime().addShutdownHook(killer);
        this.process = launch();
        awaitOpen();
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
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

    /** Puts empty objects k00000, k00001, ... into a bucket, past the protocol. */
    void fill(String bucket, int number) {
        Path objects = folder.resolve("objects").resolve(bucket);
        try {
            for (int i = 0; i < number; i++) {
                Files.createFile(objects.resolve(String.format("k%05d", i)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        process.destroyForcibly().onExit().join();
    }

    void startAgain() {
        process = launch();
        awaitOpen();
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    private Process launch() {
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
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            JAR.toAbsolutePath().toString(),
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitOpen() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(this::isOpen);
    }

    private boolean isOpen() {
        if (!process.isAlive()) {
            throw new IllegalStateException("S3Proxy ended, see " + folder.resolve("s3proxy.log"));
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
