package io.millrace.it.prove.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.dev.Installation;
import io.millrace.it.prove.demo.Photograph.Size;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class PhotographsTest {
    @Test
    void shouldReadAPictureTakenWithTheCameraOnItsSideTheRightWayUp() throws IOException {
        assertThat(Photographs.ofExample(Installation.find().thumbnailExample()))
                .filteredOn(photograph -> photograph.key().equals("dogs-at-window.jpg"))
                .singleElement()
                .satisfies(photograph -> {
                    assertThat(photograph.size().height()).isGreaterThan(photograph.size().width());
                    assertThat(photograph.thumbnailSize().height()).isEqualTo(320);
                    assertThat(photograph.broken()).isFalse();
                });
    }

    @Test
    void shouldTellTheBrokenOneFromTheOthers() throws IOException {
        assertThat(
                        Photographs.ofFolder(
                                Installation.find().thumbnailExample().resolve("photos-broken")))
                .singleElement()
                .returns(true, Photograph::broken);
    }

    @Test
    void shouldKeepTheSizeOfASmallPicture() {
        assertThat(new Photograph("a.b.png", new Size(20, 10), false).thumbnailSize())
                .isEqualTo(new Size(20, 10));
        assertThat(new Photograph("a.b.png", new Size(6400, 3), false).thumbnailSize())
                .isEqualTo(new Size(320, 1));
        assertThat(new Photograph("a.b.png", new Size(1, 1), false).thumbnailKey())
                .isEqualTo("a.b.jpg");
    }

    @Test
    void shouldSayUprightWhenTheFileIsNoJpegOrCutOff() {
        assertThat(ExifOrientation.of(new byte[0])).isEqualTo(1);
        assertThat(ExifOrientation.of(new byte[] {1, 2, 3, 4})).isEqualTo(1);
        assertThat(
                        ExifOrientation.of(
                                new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE1, 9}))
                .isEqualTo(1);
    }
}
