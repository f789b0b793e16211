/**
 * The embedded schema registry on a real broker, and our client and serialisers, against
 * Confluent's own code and other registries.
 *
 * <p>Others' code runs in child JVMs and child processes only, because it brings its own Kafka and
 * Avro. The programs of those JVMs are in {@code src/test/peers}.
 */
@NullMarked
package io.millrace.it.registry;

import org.jspecify.annotations.NullMarked;
