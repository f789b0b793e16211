/**
 * Topics made readable for people: records of any topic, and what functions used and cost.
 *
 * <p>In: topics, the schema registry. Out: records with their values as JSON or text, metering
 * entries and their totals. Nothing is written, no group is joined, no offset committed.
 */
@NullMarked
package io.millrace.engine.inspect;

import org.jspecify.annotations.NullMarked;
