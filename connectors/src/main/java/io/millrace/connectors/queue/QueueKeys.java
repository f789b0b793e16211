package io.millrace.connectors.queue;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Adds a connector's own keys to a definition, one after the other, in one group. */
public final class QueueKeys {
    private final ConfigDef keys;
    private final String group;
    private int order;

    public QueueKeys(ConfigDef keys, String group) {
        this.keys = keys;
        this.group = group;
    }

    /** A key that must be set: names, each once. */
    public QueueKeys names(String key, String documentation) {
        return add(
                key,
                ConfigDef.Type.LIST,
                ConfigDef.NO_DEFAULT_VALUE,
                QueueChecks.NAMES,
                documentation);
    }

    /** A text. */
    public QueueKeys text(
            String key, Object value, ConfigDef.Validator allowed, String documentation) {
        return add(key, ConfigDef.Type.STRING, value, allowed, documentation);
    }

    /** A text of any kind. */
    public QueueKeys text(String key, String value, String documentation) {
        return text(key, value, QueueChecks.check("any text", text -> true), documentation);
    }

    /** A secret; empty without one. */
    public QueueKeys secret(String key, String documentation) {
        order++;
        keys.define(
                key,
                ConfigDef.Type.PASSWORD,
                "",
                Importance.HIGH,
                documentation,
                group,
                order,
                Width.MEDIUM,
                name(key));
        return this;
    }

    /** A number. */
    public QueueKeys number(
            String key, int value, ConfigDef.Validator allowed, String documentation) {
        return add(key, ConfigDef.Type.INT, value, allowed, documentation);
    }

    private QueueKeys add(
            String key,
            ConfigDef.Type type,
            Object value,
            ConfigDef.Validator allowed,
            String documentation) {
        order++;
        keys.define(
                key,
                type,
                value,
                allowed,
                Importance.HIGH,
                documentation,
                group,
                order,
                Width.MEDIUM,
                name(key));
        return this;
    }

    private static String name(String key) {
        return key.substring(key.indexOf('.') + 1);
    }
}
