package io.millrace.examples.thumbnail;

import net.coobird.thumbnailator.Thumbnails;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Makes pictures small. Threading: any thread. */
final class Pictures {
    /** Pictures with more pixels are refused: they would not fit into memory. */
    static final long MAX_PIXELS = 200_000_000;

    static {
        // Pictures are only calculated with; no display is looked for.
        System.setProperty("java.awt.headless", "true");
        // They are in memory already; a cache on disk would only slow reading down.
        ImageIO.setUseCache(false);
        // When memory is short, a large picture is read in steps of several pixels.
        System.setProperty("thumbnailator.conserveMemoryWorkaround", "true");
    }

    private Pictures() {}

    /** A picture that cannot be read, and never will be. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }

        Unreadable(Throwable cause) {
            super(cause.toString(), cause);
        }
    }

    /**
     * The picture the right way up, on white where it is transparent, as small as asked for.
     *
     * @param longestSide in pixels; a picture that is smaller already keeps its size
     */
    static BufferedImage shrink(byte[] file, int longestSide) throws Unreadable {
        int side = Math.min(longestSide, longestSideOf(file));
        try {
            return Thumbnails.of(new ByteArrayInputStream(file))
                    .size(side, side)
                    // The palette of a GIF has no place for the colours in between.
                    .imageType(BufferedImage.TYPE_INT_ARGB)
                    .addFilter(Pictures::onWhite)
                    .asBufferedImage();
        } catch (IOException | RuntimeException broken) {
            // Readers of broken files also throw whatever their arithmetic comes to.
            throw new Unreadable(broken);
        }
    }

    private static int longestSideOf(byte[] file) throws Unreadable {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new Unreadable("its format is not known");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return longestSide(reader.getWidth(0), reader.getHeight(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException broken) {
            throw new Unreadable(broken);
        }
    }

    private static int longestSide(int width, int height) throws Unreadable {
        if ((long) width * height > MAX_PIXELS) {
            throw new Unreadable(width + " x " + height + " pixels are more than " + MAX_PIXELS);
        }
        return Math.max(width, height);
    }

    private static BufferedImage onWhite(BufferedImage picture) {
        BufferedImage flat =
                new BufferedImage(
                        picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = flat.createGraphics();
        graphics.drawImage(picture, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return flat;
    }

    /** The file of a picture. */
    static byte[] jpeg(BufferedImage picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(picture, "jpg", out)) {
            throw new IOException("this JVM cannot write JPEG");
        }
        return out.toByteArray();
    }
}
