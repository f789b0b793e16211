package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Struct;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the database's log a change stands, as a text that sorts as the log does.
 *
 * <p>PostgreSQL: the end of the transaction before, then the place of the change; transactions
 * overlap in the log, and are told of in the order of their ends. MySQL and MariaDB: file, place of
 * the transaction, event in it, row of the event; the source block does not tell the event, the
 * source offset does. Where transaction metadata is on, the number of the change in its transaction
 * ends a position of PostgreSQL.
 */
final class LogPosition {
    private static final Pattern LAST_COMMIT = Pattern.compile("^\\[\"(\\d+)\"");
    private static final Pattern NUMBERED_FILE = Pattern.compile("(.*)\\.(\\d+)");

    private LogPosition() {}

    /**
     * The position of a change.
     *
     * @param offset the source offset of its record
     */
    static String of(Struct source, Optional<Struct> transaction, Map<String, ?> offset) {
        Optional<String> file = Fields.text(source, "file");
        Optional<Long> lsn = Fields.number(source, "lsn");
        if (file.isPresent()) {
            return numbered(file.get())
                    + "/"
                    + decimal(Fields.number(source, "pos").orElse(0L))
                    + "/"
                    + decimal(offset.get("event") instanceof Number event ? event.longValue() : 0)
                    + "/"
                    + decimal(Fields.number(source, "row").orElse(0L));
        }
        if (lsn.isPresent()) {
            return hexadecimal(lastCommit(source))
                    + "/"
                    + hexadecimal(lsn.get())
                    + order(transaction);
        }
        throw new UnmappableChangeException(
                "The change event tells no position: neither 'lsn' nor 'file' is in its source");
    }

    private static long lastCommit(Struct source) {
        Optional<Matcher> found =
                Fields.text(source, "sequence").map(LAST_COMMIT::matcher).filter(Matcher::find);
        return found.map(matcher -> Long.parseLong(matcher.group(1))).orElse(0L);
    }

    private static String order(Optional<Struct> transaction) {
        return transaction
                .flatMap(block -> Fields.number(block, "total_order"))
                .map(order -> "/" + decimal(order))
                .orElse("");
    }

    /** File 1000000 follows 999999 in time, but not in the alphabet. */
    private static String numbered(String file) {
        Matcher matcher = NUMBERED_FILE.matcher(file);
        return matcher.matches()
                ? matcher.group(1) + "." + decimal(Long.parseLong(matcher.group(2)))
                : file;
    }

    private static String decimal(long number) {
        return String.format("%012d", number);
    }

    private static String hexadecimal(long number) {
        return String.format("%016X", number);
    }
}
