package io.millrace.it.prove.demo;

/**
 * A picture that the demonstration uploads.
 *
 * @param key its name in the bucket
 * @param size as it is to be looked at, the right way up; 0 x 0 for a broken one
 * @param broken whether a dead letter is right, and no thumbnail
 */
public record Photograph(String key, Size size, boolean broken) {
    private static final int LONGEST_SIDE = 320;

    /** Width and height in pixels. */
    public record Size(int width, int height) {
        Size turned() {
            return new Size(/* width= */ height, /* height= */ width);
        }

        @Override
        public String toString() {
            return width + " x " + height;
        }
    }

    /** What its thumbnail is called. */
    String thumbnailKey() {
        int dot = key.lastIndexOf('.');
        return (dot > 0 ? key.substring(0, dot) : key) + ".jpg";
    }

    /** The size its thumbnail has: the longest side is fixed, the other one in proportion. */
    Size thumbnailSize() {
        int longest = Math.max(size.width(), size.height());
        if (longest <= LONGEST_SIDE) {
            return size;
        }
        return new Size(scaled(size.width(), longest), scaled(size.height(), longest));
    }

    private static int scaled(int side, int longest) {
        return Math.max(1, (int) Math.round((double) side * LONGEST_SIDE / longest));
    }
}
