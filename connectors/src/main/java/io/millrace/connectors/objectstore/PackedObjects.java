package io.millrace.connectors.objectstore;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Known objects in the order of their keys, packed: of each key only what differs from the key
 * before it, and the eight bytes of its state.
 *
 * <p>Per object: length of what the key shares with the one before, length of the rest (both as
 * variable-length numbers), the rest, the state. Threading: immutable.
 */
final class PackedObjects {
    static final PackedObjects EMPTY = new PackedObjects(new byte[0], 0, ObjectKey.FIRST);

    private final byte[] packed;
    private final int size;
    private final ObjectKey last;

    private PackedObjects(byte[] packed, int size, ObjectKey last) {
        this.packed = packed;
        this.size = size;
        this.last = last;
    }

    /** Packs objects whose keys ascend. */
    static PackedObjects of(List<KnownObject> ascending) {
        if (ascending.isEmpty()) {
            return EMPTY;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(ascending.size() * 32);
        ObjectKey before = ObjectKey.FIRST;
        for (KnownObject object : ascending) {
            write(out, before, object);
            before = object.key();
        }
        return new PackedObjects(out.toByteArray(), ascending.size(), before);
    }

    /** Reads what {@link #toText} made; empty if it is not that, or not so many objects. */
    static Optional<PackedObjects> ofText(String text, long size) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            ObjectKey before = ObjectKey.FIRST;
            int found = 0;
            for (; in.hasRemaining(); found++) {
                ObjectKey key = read(in, before).key();
                if (found > 0 && !before.isBefore(key)) {
                    return Optional.empty();
                }
                before = key;
            }
            return found == size
                    ? Optional.of(new PackedObjects(in.array(), found, before))
                    : Optional.empty();
        } catch (IllegalArgumentException
                | BufferUnderflowException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            return Optional.empty();
        }
    }

    /** The packed objects as Base64. */
    String toText() {
        return Base64.getEncoder().encodeToString(packed);
    }

    /** The objects in the order of their keys, in a list that may be changed. */
    List<KnownObject> unpack() {
        List<KnownObject> objects = new ArrayList<>(size + 1);
        ByteBuffer in = ByteBuffer.wrap(packed);
        ObjectKey before = ObjectKey.FIRST;
        while (in.hasRemaining()) {
            KnownObject object = read(in, before);
            objects.add(object);
            before = object.key();
        }
        return objects;
    }

    /** Whether the key is behind all that are here. */
    boolean endsBefore(ObjectKey key) {
        return size == 0 || last.isBefore(key);
    }

    /** With one more object, which is behind all that are here. */
    PackedObjects append(KnownObject object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length + 64);
        out.write(packed, 0, packed.length);
        write(out, last, object);
        return new PackedObjects(out.toByteArray(), size + 1, object.key());
    }

    int size() {
        return size;
    }

    /** Size in bytes. */
    int bytes() {
        return packed.length;
    }

    private static void write(ByteArrayOutputStream out, ObjectKey before, KnownObject object) {
        byte[] key = object.key().utf8();
        int mismatch = Arrays.mismatch(before.utf8(), key);
        int shared = mismatch < 0 ? key.length : mismatch;
        writeLength(out, shared);
        writeLength(out, key.length - shared);
        out.write(key, shared, key.length - shared);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (object.state() >>> shift));
        }
    }

    private static KnownObject read(ByteBuffer in, ObjectKey before) {
        int shared = readLength(in);
        int rest = readLength(in);
        if (rest > in.remaining() || shared > before.utf8().length) {
            throw new BufferUnderflowException();
        }
        byte[] key = Arrays.copyOf(before.utf8(), shared + rest);
        in.get(key, shared, rest);
        return new KnownObject(ObjectKey.ofUtf8(key), in.getLong());
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        int left = length;
        while (left > 0x7f) {
            out.write((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static int readLength(ByteBuffer in) {
        int length = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = in.get();
            length |= (next & 0x7f) << shift;
            if (next >= 0) {
                return length;
            }
        }
        throw new IndexOutOfBoundsException("A length has too many bytes");
    }
}
