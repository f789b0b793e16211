package io.millrace.examples.thumbnail;

import io.millrace.functions.Context;
import io.millrace.functions.Handler;
import io.millrace.functions.NonRetryable;
import io.millrace.functions.events.ObjectEvent;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Map;

/**
 * Makes a thumbnail of every picture that is put into a bucket.
 *
 * <p>Settings: {@code S3_REGION}, {@code S3_ACCESS_KEY}, {@code S3_SECRET_KEY}, {@code
 * THUMBNAIL_BUCKET}, and {@code S3_ENDPOINT} for a store other than AWS. Writing the same thumbnail
 * twice does no harm, so a repeated event does none either.
 */
public final class ThumbnailFunction
        implements Handler<ObjectEvent, @Nullable Thumbnail>, AutoCloseable {
    private static final int LONGEST_SIDE = 320;
    private static final long MAX_SOURCE_BYTES = 64L * 1024 * 1024;

    private @Nullable ObjectStore store;

    @Override
    public @Nullable Thumbnail handle(ObjectEvent event, Context context) throws IOException {
        return switch (event.kind()) {
            case CREATED, OVERWRITTEN -> makeThumbnail(event, context.environment());
            case DELETED, UNKNOWN -> null;
        };
    }

    private Thumbnail makeThumbnail(ObjectEvent event, Map<String, String> settings)
            throws IOException {
        String bucket = ObjectStore.required(settings, "THUMBNAIL_BUCKET");
        if (bucket.equals(event.bucket())) {
            throw new NonRetryable(
                    "THUMBNAIL_BUCKET '"
                            + bucket
                            + "' is where pictures come from: every"
                            + " thumbnail would get a thumbnail");
        }
        String name = "'" + event.bucket() + "/" + event.key() + "'";
        if (event.size() > MAX_SOURCE_BYTES) {
            throw new NonRetryable(name + " is larger than " + MAX_SOURCE_BYTES + " bytes");
        }
        ResponseBytes<GetObjectResponse> source =
                store(settings)
                        .find(event.bucket(), event.key())
                        .orElseThrow(() -> new NonRetryable(name + " is not there any more"));
        BufferedImage small = shrink(name, source.asByteArrayUnsafe());
        byte[] jpeg = Pictures.jpeg(small);
        String key = thumbnailKey(event.key());
        String eTag = source.response().eTag();
        Map<String, String> metadata =
                eTag == null ? Map.of() : Map.of("source-etag", eTag.replace("\"", ""));
        store(settings).putJpeg(bucket, key, jpeg, metadata);
        return new Thumbnail(
                event.bucket(),
                event.key(),
                bucket,
                key,
                small.getWidth(),
                small.getHeight(),
                jpeg.length,
                source.asByteArrayUnsafe().length);
    }

    private static BufferedImage shrink(String name, byte[] picture) {
        try {
            return Pictures.shrink(picture, LONGEST_SIDE);
        } catch (Pictures.Unreadable unreadable) {
            throw new NonRetryable(
                    name + " is not a picture that can be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /** The key without its extension, as a JPEG. */
    static String thumbnailKey(String key) {
        int dot = key.lastIndexOf('.');
        // A dot that begins the name, or lies in a folder, begins no extension.
        return (dot > key.lastIndexOf('/') + 1 ? key.substring(0, dot) : key) + ".jpg";
    }

    private synchronized ObjectStore store(Map<String, String> settings) {
        if (store == null) {
            store = ObjectStore.of(settings);
        }
        return store;
    }

    @Override
    public synchronized void close() {
        if (store != null) {
            store.close();
        }
    }
}
