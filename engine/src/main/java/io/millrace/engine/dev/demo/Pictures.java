package io.millrace.engine.dev.demo;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.imageio.ImageIO;

/** Finds the pictures of a folder. */
final class Pictures {
    private static final List<String> SUFFIXES = List.of(".jpg", ".jpeg", ".png", ".gif");

    private Pictures() {}

    /** The example's photographs, and its broken one. */
    static List<Picture> ofExample(Path example) {
        List<Picture> pictures = new ArrayList<>();
        for (Path file : files(example.resolve("photos"))) {
            pictures.add(picture(file, false));
        }
        for (Path file : files(example.resolve("photos-broken"))) {
            pictures.add(picture(file, true));
        }
        return List.copyOf(pictures);
    }

    /** Anybody's pictures: which of them are broken is found out by decoding them. */
    static List<Picture> ofFolder(Path folder) {
        return files(folder).stream().map(file -> picture(file, !isDecodable(file))).toList();
    }

    private static Picture picture(Path file, boolean broken) {
        try {
            return new Picture(file.getFileName().toString(), file, Files.size(file), broken);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "folder '" + folder + "' of pictures does not exist");
        }
        List<Path> found;
        try (var entries = Files.list(folder)) {
            found = entries.filter(Pictures::isPicture).sorted().toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "folder '"
                            + folder
                            + "' has no pictures; put files into it that end in "
                            + String.join(", ", SUFFIXES));
        }
        return found;
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && SUFFIXES.stream().anyMatch(name::endsWith);
    }

    private static boolean isDecodable(Path file) {
        try {
            return Optional.ofNullable(ImageIO.read(file.toFile())).isPresent();
        } catch (IOException | RuntimeException e) {
            // The JDK's readers throw all kinds for damaged pictures: each of them says broken.
            return false;
        }
    }

    private static MillraceException unreadable(Path path, IOException e) {
        return new MillraceException(
                ErrorCode.DENIED, "'" + path + "' cannot be read: " + e.getMessage(), e);
    }
}
