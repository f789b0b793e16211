package io.millrace.it.prove.demo;

import io.millrace.it.prove.demo.Photograph.Size;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads what the pictures of a folder are. */
final class Photographs {
    private Photographs() {}

    /** The pictures of the example: good ones and broken ones lie apart. */
    static List<Photograph> ofExample(Path example) throws IOException {
        List<Photograph> found = new ArrayList<>();
        for (Path file : pictures(example.resolve("photos"))) {
            found.add(new Photograph(name(file), size(file), false));
        }
        for (Path file : pictures(example.resolve("photos-broken"))) {
            found.add(broken(file));
        }
        return found;
    }

    /** Anybody's pictures: the broken ones are those that cannot be decoded. */
    static List<Photograph> ofFolder(Path folder) throws IOException {
        List<Photograph> found = new ArrayList<>();
        for (Path file : pictures(folder)) {
            found.add(
                    isDecodable(file)
                            ? new Photograph(name(file), size(file), false)
                            : broken(file));
        }
        return found;
    }

    private static List<Path> pictures(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            name(file).toLowerCase(Locale.ROOT).matches(".*\\.(jpg|jpeg|png|gif)"))
                    .sorted()
                    .toList();
        }
    }

    private static Photograph broken(Path file) {
        return new Photograph(name(file), new Size(0, 0), true);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isDecodable(Path file) {
        try {
            return Optional.ofNullable(ImageIO.read(file.toFile())).isPresent();
        } catch (IOException | RuntimeException e) {
            // The JDK's readers throw all kinds for damaged pictures: each of them says broken.
            return false;
        }
    }

    private static Size size(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            try {
                reader.setInput(in);
                Size stored = new Size(reader.getWidth(0), reader.getHeight(0));
                return ExifOrientation.isOnItsSide(Files.readAllBytes(file))
                        ? stored.turned()
                        : stored;
            } finally {
                reader.dispose();
            }
        }
    }
}
