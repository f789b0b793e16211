/**
 * The shape of Millrace's source events: Connect schemas of the values, CloudEvents 1.0 attributes
 * in the headers (Kafka binding, binary mode).
 *
 * <p>In: facts that a connector has learnt. Out: source records. Every connector package uses this
 * one; it uses none of them. Not here: any outside system, clock or thread. The value is not
 * wrapped; the worker's converter turns it into bytes.
 */
@NullMarked
package io.millrace.connectors.cloudevents;

import org.jspecify.annotations.NullMarked;
