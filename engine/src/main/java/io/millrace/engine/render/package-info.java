/**
 * Room 6: events in the form in which AWS hands them to a Lambda function.
 *
 * <p>In: decoded records with key, headers, topic, partition, offset and timestamp: the source
 * events of Millrace's connectors as Avro or JSON, or any Kafka record. Out: the official event
 * JSON as bytes, one document for a batch; for each record why it is not in it, or the name by
 * which a partial answer calls it. The same records give the same bytes.
 *
 * <p>Must not be here: Kafka clients, threads, the clock, generated classes, handlers.
 *
 * <p>Where AWS has a place and we no fact, each form says what stands there. Where we have a fact
 * and AWS no place, it is left out; a handler finds it beside its event, in the record's headers.
 */
@NullMarked
package io.millrace.engine.render;

import org.jspecify.annotations.NullMarked;
