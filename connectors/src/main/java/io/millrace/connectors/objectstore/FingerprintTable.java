package io.millrace.connectors.objectstore;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What is known to be unchanged: per object a hash of its key and a hash of its state, 17 bytes a
 * slot, 23 to 46 with the free ones.
 *
 * <p>The table only ever says "surely unchanged"; whoever is not in it is looked up in the source
 * offsets. It is bounded: a full table takes no further objects and evicts none, because listings
 * go round and a table that evicts the oldest would forget each object just before it comes again.
 * At the end of a listing the objects that it did not show make room.
 *
 * <p>Threading: the task thread only.
 */
final class FingerprintTable {
    /*
     * Open addressing with linear probing; a slot with key hash 0 is free. SHA-256 is cut to 64
     * bits: a changed object is overlooked with probability 2^-64, and nobody can choose object
     * keys that make it likely. The mark of a slot is the parity of the last listing that
     * showed it.
     */
    private static final int SMALLEST = 1024;

    private final int maxEntries;
    private final MessageDigest sha256;
    private long[] keys = new long[SMALLEST];
    private long[] states = new long[SMALLEST];
    private byte[] marks = new byte[SMALLEST];
    private int entries;
    private int shown;
    private byte mark = 1;

    FingerprintTable(int maxEntries) {
        this.maxEntries = maxEntries;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    /** Whether the object is here in exactly this state. */
    boolean isUnchanged(StoredObject object) {
        int slot = slot(keyHash(object), keys);
        if (keys[slot] == 0 || states[slot] != stateHash(object)) {
            return false;
        }
        show(slot);
        return true;
    }

    /** Notes the object in this state, if there is room. */
    void remember(StoredObject object) {
        long key = keyHash(object);
        int slot = slot(key, keys);
        if (keys[slot] == 0) {
            if (entries >= maxEntries) {
                return;
            }
            if ((entries + 1) * 4L > keys.length * 3L) {
                rehash(keys.length * 2, false);
                slot = slot(key, keys);
            }
            keys[slot] = key;
            entries++;
        }
        states[slot] = stateHash(object);
        show(slot);
    }

    /** A listing came to its end: what it did not show is forgotten. */
    void endListing() {
        if (shown < entries) {
            rehash(keys.length, true);
        }
        mark = (byte) -mark;
        shown = 0;
    }

    int size() {
        return entries;
    }

    private void show(int slot) {
        if (marks[slot] != mark) {
            marks[slot] = mark;
            shown++;
        }
    }

    private void rehash(int length, boolean shownOnly) {
        long[] newKeys = new long[length];
        long[] newStates = new long[length];
        byte[] newMarks = new byte[length];
        int kept = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0 && (!shownOnly || marks[i] == mark)) {
                int slot = slot(keys[i], newKeys);
                newKeys[slot] = keys[i];
                newStates[slot] = states[i];
                newMarks[slot] = marks[i];
                kept++;
            }
        }
        keys = newKeys;
        states = newStates;
        marks = newMarks;
        entries = kept;
    }

    private static int slot(long key, long[] table) {
        int mask = table.length - 1;
        int slot = (int) key & mask;
        while (table[slot] != 0 && table[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private long keyHash(StoredObject object) {
        long hash = hash(object.key());
        return hash == 0 ? 1 : hash;
    }

    private long stateHash(StoredObject object) {
        return hash(
                object.eTag() + '\n' + object.size() + '\n' + object.lastModified().toEpochMilli());
    }

    private long hash(String text) {
        byte[] digest = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
        long hash = 0;
        for (byte each : Arrays.copyOf(digest, Long.BYTES)) {
            hash = (hash << 8) | (each & 0xff);
        }
        return hash;
    }
}
