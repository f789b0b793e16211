package io.millrace.it.harness;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** Where the parts of a running {@code millrace dev} are, as it tells on its output. */
public record DevAddresses(
        String kafka, String registry, String connect, URI objectStore, Path credentials) {
    /** Reads the lines it prints; IllegalStateException names the one that is missing. */
    public static DevAddresses of(List<String> lines) {
        return new DevAddresses(
                told(lines, "Kafka "),
                told(lines, "schema registry"),
                told(lines, "Kafka Connect"),
                URI.create(told(lines, "object store")),
                Path.of(told(lines, "credentials")));
    }

    /** The keys of the object store, as AWS names them. */
    public Properties readCredentials() throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(credentials)) {
            read.load(reader);
        }
        return read;
    }

    private static String told(List<String> lines, String what) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(what))
                .map(line -> line.substring(what.length()).strip())
                .filter(rest -> rest.matches("(127\\.|http|/).*"))
                .map(rest -> rest.split("  ", 2)[0])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("dev does not tell its " + what));
    }
}
