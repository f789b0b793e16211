package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which objects, and which of their changes, become events; and the configuration keys that say so.
 *
 * @param suffixes the key ends with one of these; empty: any
 * @param directories whether empty objects whose key ends with a slash count
 */
record ObjectFilter(
        String prefix,
        List<String> suffixes,
        boolean directories,
        long minSize,
        long maxSize,
        Set<Kind> events) {
    static final String PREFIX = "objectstore.prefix";
    static final String SUFFIXES = "objectstore.suffixes";
    static final String DIRECTORIES = "objectstore.directories";
    static final String MIN_SIZE = "objectstore.size.min";
    static final String MAX_SIZE = "objectstore.size.max";
    static final String EVENTS = "objectstore.events";

    private static final String GROUP = "Objects";

    ObjectFilter {
        suffixes = List.copyOf(suffixes);
        events = Set.copyOf(events);
    }

    static ObjectFilter of(AbstractConfig values) {
        if (values.getLong(MIN_SIZE) > values.getLong(MAX_SIZE)) {
            throw new ConfigException(
                    MIN_SIZE,
                    values.getLong(MIN_SIZE),
                    "allowed: not more than "
                            + MAX_SIZE
                            + ", which is "
                            + values.getLong(MAX_SIZE));
        }
        return new ObjectFilter(
                values.getString(PREFIX),
                values.getList(SUFFIXES),
                values.getBoolean(DIRECTORIES),
                values.getLong(MIN_SIZE),
                values.getLong(MAX_SIZE),
                values.getList(EVENTS).stream()
                        .map(each -> Kind.valueOf(each.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()));
    }

    boolean tells(Kind kind) {
        return events.contains(kind);
    }

    /** Whether an object of this key may become an event. */
    boolean wantsKey(String key) {
        return key.startsWith(prefix)
                && (suffixes.isEmpty() || suffixes.stream().anyMatch(key::endsWith));
    }

    boolean wants(StoredObject object) {
        return wantsKey(object.key())
                && (directories || !object.isDirectoryMarker())
                && object.size() >= minSize
                && object.size() <= maxSize;
    }

    /** Whether what a store told of an object may become an event. */
    boolean wants(ObjectNotification told) {
        StoredObject object = new StoredObject(told.key(), told.eTag(), told.size(), Instant.EPOCH);
        return tells(told.kind())
                && (told.kind() == Kind.DELETED ? wantsKey(told.key()) : wants(object));
    }

    static void define(ConfigDef keys, int order) {
        defineKeys(keys, order);
        defineSize(
                keys,
                MIN_SIZE,
                0,
                "Only objects of at least so many bytes become events. It is not asked for"
                        + " deleted objects.",
                order + 3);
        defineSize(
                keys,
                MAX_SIZE,
                Long.MAX_VALUE,
                "Only objects of at most so many bytes become events. It is not asked for deleted"
                        + " objects.",
                order + 4);
        keys.define(
                EVENTS,
                ConfigDef.Type.LIST,
                List.of("created", "overwritten", "deleted"),
                ConfigDef.ValidList.in(false, "created", "overwritten", "deleted"),
                Importance.HIGH,
                "Which changes become events.",
                GROUP,
                order + 5,
                Width.MEDIUM,
                "Events",
                ConfigChecks.EVENTS);
    }

    private static void defineKeys(ConfigDef keys, int order) {
        keys.define(
                PREFIX,
                ConfigDef.Type.STRING,
                "",
                Importance.MEDIUM,
                "Only objects whose key begins with this are looked at.",
                GROUP,
                order,
                Width.MEDIUM,
                "Prefix");
        keys.define(
                SUFFIXES,
                ConfigDef.Type.LIST,
                List.of(),
                ConfigChecks.SUFFIXES,
                Importance.MEDIUM,
                "Only objects whose key ends with one of these become events, for example"
                        + " .jpg,.png. Empty: all.",
                GROUP,
                order + 1,
                Width.MEDIUM,
                "Suffixes");
        keys.define(
                DIRECTORIES,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.LOW,
                "Whether empty objects whose key ends with / become events. Tools make them to"
                        + " show a folder.",
                GROUP,
                order + 2,
                Width.SHORT,
                "Directory markers");
    }

    private static void defineSize(
            ConfigDef keys, String key, long value, String documentation, int order) {
        keys.define(
                key,
                ConfigDef.Type.LONG,
                value,
                ConfigDef.Range.atLeast(0),
                Importance.LOW,
                documentation,
                GROUP,
                order,
                Width.SHORT,
                key.substring(ObjectStoreSourceConfig.KEY_PREFIX.length()));
    }
}
