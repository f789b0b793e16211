package io.millrace.examples.thumbnail;

/**
 * A thumbnail that was made, as it is written to the results topic.
 *
 * @param width of the thumbnail in pixels
 * @param height of the thumbnail in pixels
 * @param bytes size of the thumbnail's object
 * @param sourceBytes size of the picture's object
 */
public record Thumbnail(
        String sourceBucket,
        String sourceKey,
        String bucket,
        String key,
        int width,
        int height,
        long bytes,
        long sourceBytes) {}
