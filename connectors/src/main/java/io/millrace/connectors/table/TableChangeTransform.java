package io.millrace.connectors.table;

import io.millrace.connectors.PluginVersion;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.metrics.Monitorable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Makes {@code TableChange} events of the change events of Debezium's connectors for PostgreSQL,
 * MySQL and MariaDB.
 *
 * <p>One event for each change, under the same source offset: what the worker guarantees for the
 * connector's records, it guarantees for these. Heartbeats, schema changes, transaction marks and
 * messages pass unchanged to the topics that the connector chose. Tombstones are dropped. What
 * cannot be told goes to the dead letter topic; without one it is a {@link DataException} and the
 * worker's {@code errors.tolerance} decides. Threading: the worker's task thread; the counts are
 * read by others.
 */
public final class TableChangeTransform
        implements Transformation<SourceRecord>, Versioned, Monitorable {
    private final ChangeCounts counts = new ChangeCounts();
    private @Nullable Running running;

    /** For the worker. */
    public TableChangeTransform() {}

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return TableChangeConfig.DEFINITION;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TableChangeConfig parsed = TableChangeConfig.of(properties);
        running = new Running(parsed, new TableChangeMapper(parsed));
    }

    @Override
    public void withPluginMetrics(PluginMetrics metrics) {
        counts.show(metrics);
    }

    @Override
    public @Nullable SourceRecord apply(SourceRecord record) {
        return switch (RecordKind.of(record)) {
            case CHANGE -> changed(record);
            case TRUNCATE -> truncated(record);
            case TOMBSTONE -> {
                counts.tombstones.increment();
                yield null;
            }
            case OTHER -> {
                counts.passed.increment();
                yield record;
            }
            case FOREIGN ->
                    dead(
                            record,
                            new DeadLetter(
                                    DeadLetter.UNMAPPABLE,
                                    "The record is no change event of Debezium: its value has no"
                                            + " fields 'op' and 'source'. Put this transform"
                                            + " before those that take the envelope apart."),
                            true);
        };
    }

    @Override
    public void close() {}

    private @Nullable SourceRecord changed(SourceRecord record) {
        Running running = running();
        try {
            TableChange change = running.mapper().change(record, (Struct) record.value());
            long bytes = change.bytes();
            boolean tooLarge = bytes > running.config().changeBytesMax();
            if (tooLarge && running.config().deadLetterTopic().isPresent()) {
                return dead(record, tooLarge(change, bytes), false);
            }
            SourceRecord mapped = running.mapper().record(record, change);
            counts.changes.increment();
            return mapped;
        } catch (UnmappableChangeException | DataException e) {
            String message = String.valueOf(e.getMessage());
            return dead(record, new DeadLetter(DeadLetter.UNMAPPABLE, message), true);
        }
    }

    /** Which rows are gone is not told. Without dead letters the event is dropped, and counted. */
    private @Nullable SourceRecord truncated(SourceRecord record) {
        counts.truncates.increment();
        if (running().config().deadLetterTopic().isEmpty()) {
            return null;
        }
        String message = "The table was emptied at once; which rows are gone is not told";
        return dead(record, new DeadLetter(DeadLetter.TRUNCATED, message), true);
    }

    private SourceRecord dead(SourceRecord record, DeadLetter letter, boolean withRows) {
        String topic =
                running()
                        .config()
                        .deadLetterTopic()
                        .orElseThrow(() ->
                                new DataException(
                                        "A record for the topic '"
                                                + record.topic()
                                                + "' is no table change: "
                                                + letter.message()
                                                + " Set dead.letter.topic of this transform"
                                                + " to keep such records and go on."));
        counts.deadLetters.increment();
        return letter.record(topic, record, withRows);
    }

    private DeadLetter tooLarge(TableChange change, long bytes) {
        return new DeadLetter(
                DeadLetter.TOO_LARGE,
                "The change of the row "
                        + change.keys()
                        + " of '"
                        + change.source().tableName()
                        + "' has "
                        + bytes
                        + " bytes; change.bytes.max allows "
                        + running().config().changeBytesMax());
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("The transform was not configured");
        }
        return running;
    }

    /** What the configuration came to. */
    private record Running(TableChangeConfig config, TableChangeMapper mapper) {}
}
