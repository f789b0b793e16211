/**
 * Avro data as trees of JSON, for the rooms that hand events to functions.
 *
 * <p>In: a datum and the schema it was written with. Out: a JSON tree, or a reader kept for the
 * schema. Must not be here: the schema registry, generated classes.
 */
@NullMarked
package io.millrace.engine.avro;

import org.jspecify.annotations.NullMarked;
