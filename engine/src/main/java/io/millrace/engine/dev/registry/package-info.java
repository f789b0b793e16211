/**
 * A small schema registry for the one-process set-up: Confluent's REST protocol on loopback,
 * schemas in the compacted {@code _schemas} topic in Confluent's own record form, so that a genuine
 * registry can be started on the same cluster later and carry on.
 *
 * <p>In: HTTP requests, records of {@code _schemas}. Out: the same. Avro only, no normalisation, no
 * references, no authentication. Must not be used by rooms: they know the client in {@code
 * io.millrace.schemas.registry}. HTTP threads are virtual, one per request; one reader thread
 * applies the topic; writes are serialised.
 */
@NullMarked
package io.millrace.engine.dev.registry;

import org.jspecify.annotations.NullMarked;
