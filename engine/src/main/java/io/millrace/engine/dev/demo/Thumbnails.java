package io.millrace.engine.dev.demo;

import io.millrace.engine.dev.ObjectStoreClient;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import javax.imageio.ImageIO;

/** Looks for thumbnails in their bucket and decodes them. Threading: one thread. */
final class Thumbnails {
    /** A thumbnail that can be decoded. */
    record Found(String picture, String key, int bytes, int width, int height) {}

    private final ObjectStoreClient store;
    private final String bucket;
    private final Set<String> looked = new HashSet<>();
    private final Map<String, String> keys = new TreeMap<>();

    Thumbnails(ObjectStoreClient store, String bucket) {
        this.store = store;
        this.bucket = bucket;
    }

    /** Those that came since the last call. */
    List<Found> look(Collection<Picture> pictures) {
        return store.keys(bucket).stream()
                .filter(looked::add)
                .flatMap(key -> found(key, pictures).stream())
                .toList();
    }

    Collection<String> keys() {
        return keys.values();
    }

    /** Copies those of the pictures into a folder. */
    void save(Path folder) {
        try {
            Files.createDirectories(folder);
            for (String key : keys.values()) {
                Optional<byte[]> bytes = store.get(bucket, key);
                if (bytes.isPresent()) {
                    Files.write(folder.resolve(key.replace('/', '_')), bytes.get());
                }
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "thumbnails cannot be written to '" + folder + "': " + e.getMessage(),
                    e);
        }
    }

    private Optional<Found> found(String key, Collection<Picture> pictures) {
        Optional<String> picture = pictureOf(key, pictures);
        if (picture.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = store.get(bucket, key).orElse(new byte[0]);
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
            if (image == null) {
                return Optional.empty();
            }
            keys.put(picture.get(), key);
            return Optional.of(
                    new Found(
                            picture.get(), key, bytes.length, image.getWidth(), image.getHeight()));
        } catch (IOException e) {
            // Not a picture: the ledger will miss it.
            return Optional.empty();
        }
    }

    /** The picture's whole name wins over its name without the suffix. */
    private static Optional<String> pictureOf(String key, Collection<Picture> pictures) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        return pictures.stream()
                .map(Picture::key)
                .filter(picture -> name.equals(picture) || name.startsWith(picture + "."))
                .findFirst()
                .or(() ->
                        pictures.stream()
                                .map(Picture::key)
                                .filter(picture -> stem(picture).equals(stem(name)))
                                .findFirst());
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }
}
