/**
 * Kafka Connect's data as Avro in the schema registry's wire format, and back.
 *
 * <p>In: Connect schemas and values, or framed bytes. Out: framed bytes, or Connect schemas and
 * values. The worker's threads run it. Not here: any connector, and the registry's protocol, which
 * is {@code io.millrace.schemas.registry}.
 */
@NullMarked
package io.millrace.connectors.avro;

import org.jspecify.annotations.NullMarked;
