/**
 * The object store source: objects of a bucket of any S3-compatible store, listed again and again,
 * become one event per created or overwritten object.
 *
 * <p>In: the configuration, the listing of the bucket, the source offsets that Kafka Connect keeps.
 * Out: source records of {@code ObjectEvent}, each with the source offset that makes its object
 * known. The worker's task thread runs everything; only {@code stop} and {@code commitRecord} come
 * from other threads. Not here: contents of objects, threads, producers, sleeping.
 */
@NullMarked
package io.millrace.connectors.objectstore;

import org.jspecify.annotations.NullMarked;
