/**
 * A thin client of the Confluent Schema Registry protocol, the wire format, and Kafka serialisers
 * on top of both.
 *
 * <p>In: Avro schemas and values, bytes of Kafka records, settings under Confluent's key names.
 * Out: ids, schemas, framed bytes, values. Must not hold anything that only the engine needs: this
 * package runs inside users' Connect workers and functions. What goes wrong with the registry is a
 * {@link io.millrace.schemas.registry.RegistryException}; what is wrong with the bytes of a record
 * is Kafka's {@code SerializationException}.
 */
@NullMarked
package io.millrace.schemas.registry;

import org.jspecify.annotations.NullMarked;
