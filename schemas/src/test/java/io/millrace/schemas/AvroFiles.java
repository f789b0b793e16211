package io.millrace.schemas;

import org.apache.avro.Schema;
import org.jspecify.annotations.NullMarked;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The schema files of this module, current and older ones. */
@NullMarked
final class AvroFiles {
    private static final Path CURRENT = Path.of("src/main/avro");
    private static final Path HISTORY = Path.of("src/test/avro-history");

    private AvroFiles() {}

    static List<Path> current() {
        return list(CURRENT).filter(it -> it.toString().endsWith(".avsc")).sorted().toList();
    }

    /** Older forms of a schema, v1 first. */
    static List<Path> history(Path current) {
        String name = current.getFileName().toString().replace(".avsc", "");
        return list(HISTORY.resolve(name))
                .sorted(Comparator.comparingInt(AvroFiles::version))
                .toList();
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("\\D", ""));
    }

    static Schema parse(Path file) {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
