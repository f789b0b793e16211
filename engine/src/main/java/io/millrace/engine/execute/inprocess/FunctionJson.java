package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.millrace.functions.events.ObjectEvent;
import io.millrace.functions.events.TableChange;

import java.io.IOException;
import java.util.function.Function;

/**
 * How JSON becomes the types of one function.
 *
 * <p>Every function has a mapper with caches of its own: a shared one would keep the classes of
 * retired versions alive.
 */
final class FunctionJson {
    private static final int CACHED_TYPES = 200;

    private FunctionJson() {}

    static TypeFactory typesOf(ClassLoader loader) {
        LookupCache<Object, JavaType> cache = new LRUMap<>(16, CACHED_TYPES);
        return TypeFactory.defaultInstance().withCache(cache).withClassLoader(loader);
    }

    static JsonMapper mapper(TypeFactory types) {
        return JsonMapper.builder()
                .typeFactory(types)
                .addModule(new JavaTimeModule())
                .addModule(openEnums())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // A number that is to become an Instant is in milliseconds, as in Avro and Connect.
                .disable(DeserializationFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
                .build();
    }

    private static SimpleModule openEnums() {
        return new SimpleModule("millrace-events")
                .addDeserializer(
                        ObjectEvent.Kind.class,
                        new ByName<>(ObjectEvent.Kind.class, ObjectEvent.Kind::of))
                .addDeserializer(
                        TableChange.Operation.class,
                        new ByName<>(TableChange.Operation.class, TableChange.Operation::of));
    }

    /** Reads an enum that knows what to do with names that were added later. */
    private static final class ByName<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> byName;

        ByName(Class<T> type, Function<String, T> byName) {
            super(type);
            this.byName = byName;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return byName.apply(parser.getValueAsString(""));
        }
    }
}
