package io.millrace.connectors.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A schedule, checked.
 *
 * @param expression as it was written
 * @param from the first instant that may be due, if one is given
 * @param until the first instant that is not due any more, if one is given
 * @param window how much later than its due time a tick may fire; zero for at once
 * @param missedAfter how late a tick is one that was missed
 */
record Schedule(
        String name,
        String expression,
        ZoneId zone,
        DueTimes times,
        Optional<Instant> from,
        Optional<Instant> until,
        Duration window,
        MissedPolicy missed,
        Duration missedAfter,
        Optional<PayloadTemplate> payload) {

    /** The next due time, within start and end. */
    Optional<Instant> after(Instant time) {
        Instant lower = from.filter(time::isBefore).map(start -> start.minusMillis(1)).orElse(time);
        return times.after(lower).filter(due -> until.map(due::isBefore).orElse(true));
    }

    /** When the tick of a due time fires: in the window, by a hash of both, always the same. */
    Instant firesAt(Instant dueAt) {
        return window.isZero()
                ? dueAt
                : dueAt.plusMillis(Long.remainderUnsigned(hash(dueAt), window.toMillis()));
    }

    private long hash(Instant dueAt) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest((name + "@" + dueAt).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
