package io.millrace.connectors.objectstore;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The last sequencer of the objects that were told of last, so that a notification that comes late
 * or again is recognised.
 *
 * <p>Threading: the task thread only.
 */
final class SequencerWindow {
    private final Map<String, String> latest;

    /**
     * @param objects of how many objects it knows the sequencer
     */
    SequencerWindow(int objects) {
        this.latest =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                        return size() > objects;
                    }
                };
    }

    /** Notes a notification; false if one as late or later of the same object was noted before. */
    boolean isNews(ObjectNotification notification) {
        if (notification.sequencer().isEmpty()) {
            return true;
        }
        String object = notification.bucket() + "/" + notification.key();
        String before = latest.get(object);
        if (before != null && compare(notification.sequencer(), before) <= 0) {
            return false;
        }
        latest.put(object, notification.sequencer());
        return true;
    }

    /** As S3 defines it: the shorter one is filled up with zeros at its right end. */
    static int compare(String one, String other) {
        int length = Math.max(one.length(), other.length());
        return filled(one, length).compareTo(filled(other, length));
    }

    private static String filled(String sequencer, int length) {
        return sequencer.toUpperCase(Locale.ROOT) + "0".repeat(length - sequencer.length());
    }
}
