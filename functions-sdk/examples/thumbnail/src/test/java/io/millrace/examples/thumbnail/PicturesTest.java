package io.millrace.examples.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import javax.imageio.ImageIO;

final class PicturesTest {
    @Test
    void shouldRefuseWhatIsNoPicture() {
        assertThatThrownBy(() -> Pictures.shrink(new byte[0], 320))
                .isInstanceOf(Pictures.Unreadable.class)
                .hasMessage("its format is not known");
        assertThatThrownBy(() -> Pictures.shrink("hello".getBytes(StandardCharsets.UTF_8), 320))
                .isInstanceOf(Pictures.Unreadable.class);
    }

    @Test
    void shouldRefuseAPictureThatIsCutOffInItsHeader() throws IOException {
        // Given
        byte[] png = file(halves(100, 50, BufferedImage.TYPE_INT_RGB), "png");

        // When, Then
        assertThatThrownBy(() -> Pictures.shrink(Arrays.copyOf(png, 20), 320))
                .isInstanceOf(Pictures.Unreadable.class);
        assertThatThrownBy(() -> Pictures.shrink(Arrays.copyOf(png, png.length / 2), 320))
                .isInstanceOf(Pictures.Unreadable.class);
    }

    @Test
    void shouldRefuseAPictureWhoseHeaderClaimsTooManyPixels() throws IOException {
        // Given
        byte[] png = file(halves(10, 10, BufferedImage.TYPE_INT_RGB), "png");
        // Width and height are the two numbers at the start of a PNG's first chunk.
        png[16] = 0x00;
        png[17] = 0x01;
        png[20] = 0x00;
        png[21] = 0x01;

        // When, Then
        assertThatThrownBy(() -> Pictures.shrink(png, 320))
                .isInstanceOf(Pictures.Unreadable.class)
                .hasMessageContaining("65546 x 65546 pixels");
    }

    @ParameterizedTest
    @CsvSource({
        "1600, 900, 320, 180",
        "900, 1600, 180, 320",
        "3000, 2000, 320, 213",
        "2000, 10, 320, 2",
        "200, 100, 200, 100",
        "1, 1, 1, 1"
    })
    void shouldKeepTheShapeAndNeverBlowUp(int width, int height, int toWidth, int toHeight)
            throws IOException, Pictures.Unreadable {
        // Given
        byte[] jpeg = file(halves(width, height, BufferedImage.TYPE_INT_RGB), "jpg");

        // When
        BufferedImage small = read(Pictures.jpeg(Pictures.shrink(jpeg, 320)));

        // Then
        assertThat(small.getWidth()).isEqualTo(toWidth);
        assertThat(small.getHeight()).isEqualTo(toHeight);
    }

    @ParameterizedTest
    @CsvSource({"png", "gif", "bmp"})
    void shouldReadOtherFormats(String format) throws IOException, Pictures.Unreadable {
        // Given
        byte[] picture = file(halves(640, 320, BufferedImage.TYPE_INT_RGB), format);

        // When
        BufferedImage small = Pictures.shrink(picture, 320);

        // Then
        assertThat(small.getWidth()).isEqualTo(320);
        assertThat(new Color(small.getRGB(10, 80)).getRed()).isGreaterThan(200);
        assertThat(new Color(small.getRGB(310, 80)).getBlue()).isGreaterThan(200);
    }

    @Test
    void shouldPutTransparentPicturesOnWhite() throws IOException, Pictures.Unreadable {
        // Given
        byte[] png = file(new BufferedImage(400, 400, BufferedImage.TYPE_INT_ARGB), "png");

        // When
        BufferedImage small = read(Pictures.jpeg(Pictures.shrink(png, 320)));

        // Then
        assertThat(new Color(small.getRGB(160, 160))).isEqualTo(Color.WHITE);
    }

    @Test
    void shouldTurnAPictureTheRightWayUp() throws IOException, Pictures.Unreadable {
        // Given
        byte[] upright = file(halves(640, 320, BufferedImage.TYPE_INT_RGB), "jpg");
        byte[] turned = withOrientation(upright, 6);

        // When
        BufferedImage small = Pictures.shrink(turned, 320);

        // Then: turned clockwise by 90 degrees, what was left is on top
        assertThat(small.getWidth()).isEqualTo(160);
        assertThat(small.getHeight()).isEqualTo(320);
        assertThat(new Color(small.getRGB(80, 10)).getRed()).isGreaterThan(200);
        assertThat(new Color(small.getRGB(80, 310)).getBlue()).isGreaterThan(200);
    }

    /** Puts an Exif segment that holds nothing but the orientation behind the first segment. */
    private static byte[] withOrientation(byte[] jpeg, int orientation) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int first = 4 + ((jpeg[4] & 0xFF) << 8) + (jpeg[5] & 0xFF);
        out.write(jpeg, 0, first);
        out.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, 34});
        out.write("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1));
        out.write(new byte[] {0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1});
        out.write(new byte[] {0, (byte) orientation, 0, 0, 0, 0, 0, 0});
        out.write(jpeg, first, jpeg.length - first);
        return out.toByteArray();
    }

    /** Red on the left, blue on the right. */
    private static BufferedImage halves(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return picture;
    }

    private static byte[] file(BufferedImage picture, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(picture, format, out)).isTrue();
        return out.toByteArray();
    }

    private static BufferedImage read(byte[] file) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }
}
