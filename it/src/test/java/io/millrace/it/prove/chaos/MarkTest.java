package io.millrace.it.prove.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/** The decoder is written from the format's description; so are the texts here. */
class MarkTest {
    @Test
    void shouldRefuseWhatIsCutDamagedTooLongOrOfAnotherVersion() {
        String good = text('r', 100, 2, 3);

        assertRefused(100, good.replace("|1", "|2"), "version");
        assertRefused(101, good, "checksum");
        assertRefused(100, good.replace("|1r", "|1b"), "checksum");
        assertRefused(100, "S|1rAAAA", "cut off");
        assertRefused(100, "S|", "version");
        assertRefused(100, text('x', 100, 1), "mode");
        assertRefused(100, text('r', 100, 0, 3), "empty run");
        assertRefused(100, text('r', 100, 2), "cut off");
        assertRefused(100, text('b', 100, 0), "without offsets");
        assertRefused(100, "s".repeat(4_097), "4097");
    }

    @Test
    void shouldTakeTheMarkAloneWhenThereIsNoSet() {
        Mark mark = Mark.of(100, "AQAAAAAA");

        assertThat(mark.hasSet()).isFalse();
        assertThat(mark.isFinished(99)).isTrue();
        assertThat(mark.isFinished(100)).isFalse();
    }

    @Test
    void shouldReadRuns() {
        // 100, 101 unfinished; 102 to 104 finished; 105 unfinished; 300 finished ones.
        Mark mark = Mark.of(100, text('r', 100, 2, 3, 1, 0xAC, 2));

        assertThat(mark.isFinished(101)).isFalse();
        assertThat(mark.isFinished(102)).isTrue();
        assertThat(mark.isFinished(104)).isTrue();
        assertThat(mark.isFinished(105)).isFalse();
        assertThat(mark.isFinished(405)).isTrue();
        assertThat(mark.isFinished(406)).isFalse();
    }

    @Test
    void shouldReadABitmap() {
        // Bit i is offset mark + 1 + i.
        Mark mark = Mark.of(100, text('b', 100, 0b1000_0001, 0b10));

        assertThat(mark.isFinished(100)).isFalse();
        assertThat(mark.isFinished(101)).isTrue();
        assertThat(mark.isFinished(102)).isFalse();
        assertThat(mark.isFinished(108)).isTrue();
        assertThat(mark.isFinished(109)).isFalse();
        assertThat(mark.isFinished(110)).isTrue();
    }

    private static void assertRefused(long offset, String metadata, String why) {
        assertThatThrownBy(() -> Mark.of(offset, metadata))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static String text(char mode, long mark, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(10).putLong(mark).putChar(mode).flip());
        crc.update(bytes);
        ByteBuffer all =
                ByteBuffer.allocate(4 + bytes.length).putInt((int) crc.getValue()).put(bytes);
        return "S|1" + mode + Base64.getUrlEncoder().withoutPadding().encodeToString(all.array());
    }
}
