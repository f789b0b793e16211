package io.millrace.functions.testing;

import io.millrace.engine.decode.SchemaLookup;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.payload.SchemaRegistration;

import org.apache.avro.Schema;

import java.util.ArrayList;
import java.util.List;

/** A schema registry for one function under test. */
final class InMemorySchemas implements SchemaLookup, SchemaRegistration {
    private final List<WriterSchema> schemas = new ArrayList<>();

    @Override
    public synchronized Found byId(int id) {
        return id < 1 || id > schemas.size()
                ? new Found.Missing("schema " + id + " was never registered")
                : new Found.Known(schemas.get(id - 1));
    }

    @Override
    public synchronized Answer register(String subject, Schema schema) {
        for (WriterSchema known : schemas) {
            if (known.json().equals(schema.toString())) {
                return new Answer.Registered(known.id());
            }
        }
        schemas.add(new WriterSchema(schemas.size() + 1, schema.toString()));
        return new Answer.Registered(schemas.size());
    }
}
