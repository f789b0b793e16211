package io.millrace.connectors.schedule;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of one schedule, {@code schedule.NAME.} before each. */
final class ScheduleKeys {
    static final String PREFIX = "schedule.";
    static final String EXPRESSION = "expression";
    static final String TIME_ZONE = "timezone";
    static final String START = "start";
    static final String END = "end";
    static final String WINDOW = "window.minutes";
    static final String PAYLOAD = "payload";
    static final String MISSED = "missed";
    static final String MISSED_AFTER = "missed.after.ms";

    private ScheduleKeys() {}

    static String key(String name, String suffix) {
        return PREFIX + name + "." + suffix;
    }

    /** Every key of a schedule with its default, its documentation and what it allows. */
    static ConfigDef definition(String name) {
        ConfigDef keys = new ConfigDef();
        String group = "Schedule " + name;
        defineTimes(keys, name, group);
        defineBounds(keys, name, group);
        defineTicks(keys, name, group);
        return keys;
    }

    /**
     * Reads a schedule.
     *
     * @throws ConfigException the first fault
     */
    static Schedule read(String name, Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(definition(name), properties, false);
        ZoneId zone = ZoneId.of(values.getString(key(name, TIME_ZONE)));
        Optional<Instant> start = time(values, key(name, START), zone);
        Optional<Instant> end = time(values, key(name, END), zone);
        if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
            throw new ConfigException(
                    key(name, END), end.get(), "allowed: later than the start, " + start.get());
        }
        String expression = values.getString(key(name, EXPRESSION));
        String payload = values.getString(key(name, PAYLOAD));
        return new Schedule(
                name,
                expression,
                zone,
                times(key(name, EXPRESSION), expression, zone, start.orElse(Instant.EPOCH)),
                start,
                end,
                Duration.ofMinutes(values.getInt(key(name, WINDOW))),
                MissedPolicy.of(values.getString(key(name, MISSED))),
                Duration.ofMillis(values.getLong(key(name, MISSED_AFTER))),
                payload.isEmpty() ? Optional.empty() : Optional.of(PayloadTemplate.of(payload)));
    }

    private static DueTimes times(String key, String expression, ZoneId zone, Instant anchor) {
        try {
            return ScheduleExpression.parse(expression, zone, anchor);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, expression, e.getMessage());
        }
    }

    private static Optional<Instant> time(AbstractConfig values, String key, ZoneId zone) {
        String text = values.getString(key);
        return text.isEmpty() ? Optional.empty() : Optional.of(ScheduleChecks.time(text, zone));
    }

    private static void defineTimes(ConfigDef keys, String name, String group) {
        keys.define(
                key(name, EXPRESSION),
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                ScheduleChecks.EXPRESSION,
                Importance.HIGH,
                "When it is due, in EventBridge's syntax. A rate is counted from start, or from"
                        + " 1970-01-01T00:00:00Z without one, in time that passes.",
                group,
                1,
                Width.LONG,
                "Expression");
        keys.define(
                key(name, TIME_ZONE),
                ConfigDef.Type.STRING,
                "UTC",
                ScheduleChecks.ZONE,
                Importance.HIGH,
                "Time zone of cron and at. A time that clocks skip in spring is skipped, one that"
                        + " they show twice in autumn fires once, at the first.",
                group,
                2,
                Width.MEDIUM,
                "Time zone",
                ScheduleChecks.ZONES);
    }

    private static void defineBounds(ConfigDef keys, String name, String group) {
        keys.define(
                key(name, START),
                ConfigDef.Type.STRING,
                "",
                ScheduleChecks.TIME,
                Importance.MEDIUM,
                "Nothing is due before this. With it, what has been due since when the connector"
                        + " first runs is fired or missed. Without it, counting begins when the"
                        + " schedule first runs, and until its first tick again at every restart.",
                group,
                3,
                Width.MEDIUM,
                "Start");
        keys.define(
                key(name, END),
                ConfigDef.Type.STRING,
                "",
                ScheduleChecks.TIME,
                Importance.MEDIUM,
                "From this on nothing is due any more.",
                group,
                4,
                Width.MEDIUM,
                "End");
        keys.define(
                key(name, WINDOW),
                ConfigDef.Type.INT,
                0,
                ConfigDef.Range.between(0, 1440),
                Importance.LOW,
                "Flexible window: a tick fires within so many minutes after it is due, at a moment"
                        + " that name and due time decide, so that many schedules do not fire at"
                        + " once. 0: at once.",
                group,
                5,
                Width.SHORT,
                "Window");
    }

    private static void defineTicks(ConfigDef keys, String name, String group) {
        keys.define(
                key(name, MISSED),
                ConfigDef.Type.STRING,
                MissedPolicy.CATCH_UP.word(),
                ScheduleChecks.MISSED,
                Importance.HIGH,
                "What becomes of due times that were missed while no worker ran: catch-up fires"
                        + " each, collapse fires the last one, which says how many it stands for,"
                        + " skip fires none.",
                group,
                6,
                Width.SHORT,
                "Missed",
                ScheduleChecks.POLICIES);
        keys.define(
                key(name, MISSED_AFTER),
                ConfigDef.Type.LONG,
                60_000L,
                ConfigDef.Range.between(1000L, 31_536_000_000L),
                Importance.LOW,
                "Milliseconds after which a tick that has not fired is a missed one.",
                group,
                7,
                Width.SHORT,
                "Missed after");
        keys.define(
                key(name, PAYLOAD),
                ConfigDef.Type.STRING,
                "",
                ScheduleChecks.PAYLOAD,
                Importance.MEDIUM,
                "Text for the handler, mostly JSON. These places are filled: "
                        + String.join(
                                ", ",
                                List.of(
                                        PayloadTemplate.ARN,
                                        PayloadTemplate.TIME,
                                        PayloadTemplate.EXECUTION,
                                        PayloadTemplate.ATTEMPT))
                        + ".",
                group,
                8,
                Width.LONG,
                "Payload");
    }
}
