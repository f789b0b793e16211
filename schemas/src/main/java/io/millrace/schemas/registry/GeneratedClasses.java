package io.millrace.schemas.registry;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificFixed;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the classes that Avro generated, and no others.
 *
 * <p>Avro itself trusts no class that a schema names unless a setting of the whole JVM says so.
 * That setting is not ours to make inside somebody's Connect worker. A schema from a registry can
 * name any class; here it reaches only records, enums and fixed types that were generated, and
 * nothing else is even initialised.
 */
final class GeneratedClasses extends SpecificData {
    private final Map<String, Optional<Class<?>>> known = new ConcurrentHashMap<>();

    private GeneratedClasses(ClassLoader loader) {
        super(loader);
    }

    /** Classes beside this one, with its conversions of logical types. */
    static GeneratedClasses of(Class<?> type) {
        GeneratedClasses made = new GeneratedClasses(type.getClassLoader());
        SpecificData.getForClass(type).getConversions().forEach(made::addLogicalTypeConversion);
        return made;
    }

    static Optional<Class<?>> find(String name, ClassLoader loader) {
        try {
            Class<?> found = Class.forName(name, false, loader);
            boolean isGenerated =
                    SpecificRecord.class.isAssignableFrom(found)
                            || SpecificFixed.class.isAssignableFrom(found)
                            || found.isEnum() && GenericEnumSymbol.class.isAssignableFrom(found);
            return isGenerated && GenericContainer.class.isAssignableFrom(found)
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Avro declares it
    public @Nullable Class getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED ->
                    known.computeIfAbsent(
                                    getClassName(schema), name -> find(name, getClassLoader()))
                            .orElse(null);
            default -> super.getClass(schema);
        };
    }
}
