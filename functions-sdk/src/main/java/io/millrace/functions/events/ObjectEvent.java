package io.millrace.functions.events;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * An object of an object store was created, overwritten or deleted.
 *
 * @param kind what happened
 * @param bucket name of the bucket
 * @param key key of the object, not URL-encoded
 * @param size size of the object in bytes; 0 if it was deleted
 * @param eTag entity tag without quotes; null if the store gave none
 * @param versionId version of the object; null where the bucket keeps no versions
 * @param lastModified when the store says the object was last changed; null if it does not say
 * @param endpoint endpoint of the store; null means AWS S3
 * @param region region of the bucket; null if not known
 */
public record ObjectEvent(
        Kind kind,
        String bucket,
        String key,
        long size,
        @Nullable String eTag,
        @Nullable String versionId,
        @Nullable Instant lastModified,
        @Nullable String endpoint,
        @Nullable String region) {
    /** An event with the facts that are always there, for tests above all. */
    public static ObjectEvent of(Kind kind, String bucket, String key, long size) {
        return new ObjectEvent(kind, bucket, key, size, null, null, null, null, null);
    }

    /** What happened to an object. */
    public enum Kind {
        CREATED,
        OVERWRITTEN,
        DELETED,
        /** Something this version of the SDK has no name for. */
        UNKNOWN;

        /** The kind of this name, {@link #UNKNOWN} for a name that was added later. */
        public static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.name().equals(name)) {
                    return kind;
                }
            }
            return UNKNOWN;
        }
    }
}
