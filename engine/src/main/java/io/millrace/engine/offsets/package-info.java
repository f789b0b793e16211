/**
 * What has been finished and how it is committed: the low-water mark and the finished set of each
 * partition, and the wrapped clients that write both in the transaction of the results.
 *
 * <p>Kafka Streams commits the position behind the last record whose {@code process()} returned.
 * Here that record has only been queued, so its commit would lose events. The wrappers replace what
 * Streams wants to commit by the mark and put the finished set into the metadata of the offset.
 *
 * <p>In: offsets admitted and finished. Out: what to commit. Knows no room. Only the wrappers,
 * {@code PollWaker} and {@code ThreadClients} touch Kafka types; the rest runs in the simulation.
 */
@NullMarked
package io.millrace.engine.offsets;

import org.jspecify.annotations.NullMarked;
