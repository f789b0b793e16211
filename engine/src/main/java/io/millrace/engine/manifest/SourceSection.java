package io.millrace.engine.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the sources of a manifest. */
final class SourceSection {
    /** Names of our own connectors that save typing. */
    static final Map<String, String> SHORT_NAMES =
            new TreeMap<>(
                    Map.of(
                            "object-store",
                            "io.millrace.connectors.objectstore.ObjectStoreSourceConnector",
                            "object-notifications",
                            "io.millrace.connectors.objectstore.ObjectNotificationSourceConnector",
                            "schedule",
                            "io.millrace.connectors.schedule.ScheduleSourceConnector",
                            "sqs",
                            "io.millrace.connectors.sqs.SqsSourceConnector",
                            "jms",
                            "io.millrace.connectors.jms.JmsSourceConnector",
                            "rabbitmq",
                            "io.millrace.connectors.rabbitmq.RabbitMqSourceConnector",
                            "mqtt",
                            "io.millrace.connectors.mqtt.MqttSourceConnector",
                            "postgres",
                            "io.debezium.connector.postgresql.PostgresConnector",
                            "mariadb",
                            "io.debezium.connector.mariadb.MariaDbConnector",
                            "mysql",
                            "io.debezium.connector.mysql.MySqlConnector"));

    private static final List<String> FIELDS = List.of("name", "topic", "connector", "config");
    private static final Set<String> RESERVED = Set.of("name", "connector.class");

    private SourceSection() {}

    static List<Manifest.Source> readAll(Section root) {
        List<Manifest.Source> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.sections("sources", FIELDS)) {
            Manifest.Source source = read(section);
            if (!source.name().isEmpty() && !names.add(source.name())) {
                section.problem("name", "source '" + source.name() + "' is there twice");
            }
            sources.add(source);
        }
        return sources;
    }

    private static Manifest.Source read(Section section) {
        String name = section.required("name");
        String topic = TopicRule.checked(section, "topic", section.required("topic"));
        String connector = connectorClass(section);
        Map<String, String> config = new LinkedHashMap<>(section.texts("config"));
        for (String reserved : RESERVED) {
            if (config.containsKey(reserved)) {
                section.problem(
                        "config",
                        "'" + reserved + "' in 'config' is given by the source; leave it out");
            }
        }
        // Other people's connectors have settings of their own for it.
        boolean isOurs = connector.startsWith("io.millrace.");
        String given = isOurs ? config.putIfAbsent("topic", topic) : topic;
        if (given != null && !given.equals(topic)) {
            section.problem(
                    "config",
                    "'topic' in 'config' is '"
                            + given
                            + "' and differs from the source's topic '"
                            + topic
                            + "'; leave it out");
        }
        config.put("name", name);
        config.put("connector.class", connector);
        return new Manifest.Source(name, topic, connector, config);
    }

    private static String connectorClass(Section section) {
        String connector = section.required("connector");
        if (connector.isEmpty() || connector.contains(".")) {
            return connector;
        }
        String known = SHORT_NAMES.get(connector);
        if (known == null) {
            section.problem(
                    "connector",
                    "'connector' is '"
                            + connector
                            + "'; allowed: "
                            + String.join(", ", SHORT_NAMES.keySet())
                            + ", or the class of a connector with its package");
            return connector;
        }
        return known;
    }
}
