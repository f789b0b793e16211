/**
 * The contract of Millrace's topics: values as classes that Avro generates from the schemas, and
 * the names of record headers.
 *
 * <p>In: nothing. Out: generated classes, {@link io.millrace.schemas.EventHeaders}. Must not hold
 * logic. The package is not null-marked, because the generated classes do not tell which of their
 * fields may be null; {@code EventHeaders} is.
 */
package io.millrace.schemas;
