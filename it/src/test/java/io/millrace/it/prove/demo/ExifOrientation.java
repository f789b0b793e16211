package io.millrace.it.prove.demo;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** How a camera was held, as a JPEG says in its Exif block (Exif 2.3, tag 0x0112). Pure. */
final class ExifOrientation {
    private static final int START_OF_IMAGE = 0xFFD8;
    private static final int APP1 = 0xFFE1;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int TAG = 0x0112;
    private static final int UPRIGHT = 1;

    /** Values from here on swap width and height. */
    private static final int FIRST_ON_ITS_SIDE = 5;

    private ExifOrientation() {}

    static boolean isOnItsSide(byte[] file) {
        return of(file) >= FIRST_ON_ITS_SIDE;
    }

    /** 1 to 8; 1 where nothing is said. */
    static int of(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        try {
            if (word(bytes) != START_OF_IMAGE) {
                return UPRIGHT;
            }
            for (int marker = word(bytes); marker != START_OF_SCAN; marker = word(bytes)) {
                int length = word(bytes) - 2;
                ByteBuffer segment = bytes.slice(bytes.position(), length);
                if (marker == APP1 && isExif(segment)) {
                    return ofTiff(segment.slice(6, length - 6));
                }
                bytes.position(bytes.position() + length);
            }
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | IllegalArgumentException e) {
            // Cut off: it says nothing.
            return UPRIGHT;
        }
        return UPRIGHT;
    }

    private static boolean isExif(ByteBuffer segment) {
        byte[] start = new byte[6];
        segment.duplicate().get(start);
        return new String(start, StandardCharsets.US_ASCII).equals("Exif\0\0");
    }

    private static int ofTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = Short.toUnsignedInt(tiff.getShort(directory));
        for (int entry = 0; entry < entries; entry++) {
            int at = directory + 2 + entry * 12;
            if (Short.toUnsignedInt(tiff.getShort(at)) == TAG) {
                return Short.toUnsignedInt(tiff.getShort(at + 8));
            }
        }
        return UPRIGHT;
    }

    private static int word(ByteBuffer bytes) {
        return Short.toUnsignedInt(bytes.getShort());
    }
}
