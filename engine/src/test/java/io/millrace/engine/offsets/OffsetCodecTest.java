package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

final class OffsetCodecTest {
    /** What Streams writes today: a version and a stream time. */
    private static final String STREAMS = "AgAAAZyhP3Bs";

    @Test
    void shouldLeaveStreamsTextAloneWhenNothingIsFinishedAboveTheMark() {
        assertThat(OffsetCodec.encode(STREAMS, FinishedSet.empty(5))).isEqualTo(STREAMS);
        assertThat(decode(5, STREAMS)).isEqualTo(FinishedSet.empty(5));
        assertThat(decode(5, "")).isEqualTo(FinishedSet.empty(5));
    }

    @Test
    void shouldGiveStreamsItsOwnTextBack() {
        String text = OffsetCodec.encode(STREAMS, FinishedSet.from(1).add(3, 9).build());
        assertThat(text).startsWith(STREAMS + "|1");
        assertThat(OffsetCodec.streamsText(text)).isEqualTo(STREAMS);
        assertThat(OffsetCodec.streamsText(STREAMS)).isEqualTo(STREAMS);
    }

    @Test
    void shouldChooseTheShorterMode() {
        var scattered = FinishedSet.from(0);
        for (int offset = 2; offset < 400; offset += 2) {
            scattered.add(offset, offset + 1);
        }
        String bitmap = OffsetCodec.encode("", scattered.build());
        String runs = OffsetCodec.encode("", FinishedSet.from(0).add(1, 1_000_000).build());
        assertThat(bitmap).startsWith("|1b").hasSizeLessThan(80);
        assertThat(runs).startsWith("|1r").hasSizeLessThan(20);
    }

    @Test
    void shouldReadWhatItWrote() {
        for (long seed = 0; seed < 10_000; seed++) {
            var random = new SplittableRandom(seed);
            long mark = random.nextBoolean() ? random.nextInt(1_000) : random.nextLong(1L << 60);
            int longest = 1 << random.nextInt(1, 18);
            var builder = FinishedSet.from(mark);
            long at = mark;
            for (int i = random.nextInt(60); i > 0; i--) {
                long from = at + 1 + random.nextInt(longest);
                at = from + 1 + random.nextInt(longest);
                builder.add(from, at);
            }
            FinishedSet set = builder.build();
            String text = OffsetCodec.encode(STREAMS, set);
            assertThat(decode(mark, text)).as("seed %s: %s", seed, text).isEqualTo(set);
        }
    }

    @Test
    void shouldNoticeThatTheOffsetWasMovedByHand() {
        String text = OffsetCodec.encode(STREAMS, FinishedSet.from(100).add(102, 110).build());
        assertUnreadable(101, text, "checksum");
    }

    @Test
    void shouldNoticeEveryChangedCharacter() {
        String text = OffsetCodec.encode(STREAMS, FinishedSet.from(100).add(102, 110).build());
        for (int i = STREAMS.length() + 1; i < text.length(); i++) {
            char changed = text.charAt(i) == 'A' ? 'B' : 'A';
            String other = text.substring(0, i) + changed + text.substring(i + 1);
            // The bits behind the last whole byte carry nothing.
            if (i == text.length() - 1) {
                continue;
            }
            assertThatThrownBy(() -> decode(100, other))
                    .as(other)
                    .isInstanceOf(MillraceException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|",
                "|1",
                "|1r",
                "|1rA",
                "|1r????",
                "|2rAAAAAAAA",
                "|0",
                "|xyz",
                "||1rAAAAAA",
                "|1rAAAAAA",
                "|1qAAAAAAAA",
                "| 1rAAAAAAA",
                "|1r\u00e4\u00f6\u00fc"
            })
    void shouldRefuseWhatItCannotRead(String suffix) {
        assertUnreadable(100, STREAMS + suffix, "cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0005", "05", "0500", "8080", "05ff", "05ffffffffffffffff7f05"})
    void shouldRefuseMalformedRunsThatCarryTheRightChecksum(String hex) {
        assertUnreadable(100, sealed('r', hex), "cannot be read");
    }

    @Test
    void shouldRefuseAnUnknownModeThatCarriesTheRightChecksum() {
        assertUnreadable(100, sealed('x', "0505"), "unknown mode 'x'");
        assertThat(decode(100, sealed('r', "0505")))
                .isEqualTo(FinishedSet.from(100).add(105, 110).build());
    }

    @Test
    void shouldRefuseABitmapOfNothing() {
        assertUnreadable(100, sealed('b', "0000"), "cannot be read");
    }

    private static String sealed(char mode, String hex) {
        byte[] payload = java.util.HexFormat.of().parseHex(hex);
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(10).putLong(100).putChar(mode).flip());
        crc.update(payload);
        byte[] bytes =
                ByteBuffer.allocate(4 + payload.length)
                        .putInt((int) crc.getValue())
                        .put(payload)
                        .array();
        return STREAMS
                + "|1"
                + mode
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static FinishedSet decode(long mark, String text) {
        return OffsetCodec.decode(Samples.PARTITION, mark, text);
    }

    private static void assertUnreadable(long mark, String text, String why) {
        assertThatThrownBy(() -> decode(mark, text))
                .as(text)
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("'orders-3'")
                .hasMessageContaining("" + mark)
                .hasMessageContaining(why);
    }
}
