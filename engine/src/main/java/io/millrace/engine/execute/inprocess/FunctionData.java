package io.millrace.engine.execute.inprocess;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificFixed;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Avro's mapping of schemas to the generated classes of one function.
 *
 * <p>Names in a schema become classes in one way only: a generated class of the function's own
 * loader. Anything else a schema may name is not loaded but read without a class. Hence Avro's list
 * of trusted classes, which is one for the whole JVM, is neither needed nor changed.
 */
final class FunctionData extends SpecificData {
    private final ClassLoader loader;
    private final ConcurrentMap<String, Optional<Class<?>>> generated = new ConcurrentHashMap<>();

    /** Takes over the conversions of logical types that the generated class was made with. */
    FunctionData(Class<?> type, ClassLoader loader) {
        super(loader);
        this.loader = loader;
        SpecificData.getForClass(type)
                .getConversions()
                .forEach(conversion -> addLogicalTypeConversion(conversion));
    }

    /** A reader that any thread may use; Avro's other one caches per thread. */
    DatumReader<Object> reader(Schema writer, Schema reader) throws IOException {
        return new FastReaderBuilder(this).createDatumReader(writer, reader);
    }

    @Override
    @SuppressWarnings("rawtypes") // Avro's own signature is raw, and null means no class
    public @Nullable Class getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED ->
                    generated
                            .computeIfAbsent(getClassName(schema), this::find)
                            .<Class>map(found -> found)
                            .orElse(null);
            case ARRAY, MAP, UNION, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL ->
                    super.getClass(schema);
        };
    }

    private Optional<Class<?>> find(String name) {
        // A namespace may end in the names of enclosing classes.
        for (String nested = name; true; ) {
            try {
                Class<?> found = Class.forName(nested, false, loader);
                return isGenerated(found) ? Optional.of(found) : Optional.empty();
            } catch (ClassNotFoundException _) {
                int dot = nested.lastIndexOf('.');
                if (dot < 0) {
                    return Optional.empty();
                }
                nested = nested.substring(0, dot) + "$" + nested.substring(dot + 1);
            }
        }
    }

    private static boolean isGenerated(Class<?> found) {
        return IndexedRecord.class.isAssignableFrom(found)
                || SpecificFixed.class.isAssignableFrom(found)
                || (found.isEnum() && GenericEnumSymbol.class.isAssignableFrom(found));
    }
}
