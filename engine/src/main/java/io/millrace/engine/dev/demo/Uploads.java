package io.millrace.engine.dev.demo;

import io.millrace.engine.dev.ObjectStoreClient;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;

/** Puts the pictures into the bucket, one after the other, beside the one who watches. */
final class Uploads {
    /** A picture is in the bucket. */
    record Done(Picture picture, Instant at, Duration took) {}

    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> all;

    private Uploads(CompletableFuture<Void> all) {
        this.all = all;
    }

    /** The pictures that are not in the bucket already with the same content. */
    static List<Picture> needed(List<Picture> pictures, ObjectStoreClient store, String bucket) {
        Set<String> present = new HashSet<>(store.keys(bucket));
        List<Picture> needed = new ArrayList<>();
        for (Picture picture : pictures) {
            if (!present.contains(picture.key()) || !isSame(picture, store, bucket)) {
                needed.add(picture);
            }
        }
        return needed;
    }

    static Uploads start(
            List<Picture> pictures,
            ObjectStoreClient store,
            String bucket,
            ExecutorService thread,
            TimeSource time) {
        var uploads = new Uploads(new CompletableFuture<>());
        thread.execute(() -> {
            try {
                for (Picture picture : pictures) {
                    long from = time.nanos();
                    store.put(bucket, picture.key(), picture.file(), picture.contentType());
                    Duration took = Duration.ofNanos(time.nanos() - from);
                    uploads.done.add(new Done(picture, time.now(), took));
                }
                uploads.all.complete(null);
            } catch (RuntimeException e) {
                uploads.all.completeExceptionally(e);
            }
        });
        return uploads;
    }

    Optional<Done> poll() {
        return Optional.ofNullable(done.poll());
    }

    /** Whether every upload is done and was polled; throws what an upload failed with. */
    boolean isFinished() {
        if (all.isCompletedExceptionally()) {
            throw all.exceptionNow() instanceof MillraceException e
                    ? e
                    : new MillraceException(
                            ErrorCode.FAILED, "an upload failed", all.exceptionNow());
        }
        return all.isDone() && done.isEmpty();
    }

    private static boolean isSame(Picture picture, ObjectStoreClient store, String bucket) {
        try {
            byte[] wanted = Files.readAllBytes(picture.file());
            return store.get(bucket, picture.key())
                    .filter(found -> Arrays.equals(found, wanted))
                    .isPresent();
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "'" + picture.file() + "' cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
