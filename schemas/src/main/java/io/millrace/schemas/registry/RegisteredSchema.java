package io.millrace.schemas.registry;

import org.apache.avro.Schema;

/**
 * A schema as the registry holds it.
 *
 * @param version 1 for the first of its subject
 * @param id the number in front of every record written with it
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {}
