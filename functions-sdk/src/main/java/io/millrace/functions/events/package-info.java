/**
 * Events that come from outside Kafka, as the connectors write them; component names are the field
 * names of the topics' schemas.
 *
 * <p>In: nothing. Out: immutable values. A component that is not always there is {@link
 * org.jspecify.annotations.Nullable} and says so. Must not be here: how they are encoded.
 */
@NullMarked
package io.millrace.functions.events;

import org.jspecify.annotations.NullMarked;
