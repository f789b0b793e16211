package io.millrace.engine.dev.demo;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A picture to be uploaded.
 *
 * @param key name in the bucket
 * @param broken whether no thumbnail can be made of it, so that a dead letter is right
 */
record Picture(String key, Path file, long bytes, boolean broken) {
    String contentType() {
        String name = key.toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return "image/png";
        }
        return name.endsWith(".gif") ? "image/gif" : "image/jpeg";
    }
}
