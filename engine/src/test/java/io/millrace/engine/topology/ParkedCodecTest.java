package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

final class ParkedCodecTest {
    private static final long[] TIMESTAMPS = {
        Long.MIN_VALUE, -1, 0, 1, 1_700_000_000_000L, Long.MAX_VALUE
    };
    private static final String[] NAMES = {"", "a", "a", "grüße", "\uD83D\uDE00", "x".repeat(300)};

    @Test
    void shouldGiveBackEveryByteOfAnything() {
        long seed = Long.getLong("millrace.test.seed", new SplittableRandom().nextLong());
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            ParkedEvent entry = entry(random);
            byte[] bytes = ParkedCodec.encode(entry);
            assertThat(decode(offsetOf(entry), bytes))
                    .as("-Dmillrace.test.seed=%s, round %s", seed, round)
                    .isEqualTo(entry);
        }
    }

    @Test
    void shouldKeepNullApartFromEmpty() {
        RawEvent event =
                event(
                        Payload.NULL,
                        Payload.of(""),
                        List.of(
                                new Header("h", Payload.NULL),
                                new Header("h", Payload.of("")),
                                new Header("h", Payload.NULL)),
                        Long.MIN_VALUE);
        var entry = new ParkedEvent(Progress.NONE, 0, Optional.of(event));
        RawEvent back = decode(7, ParkedCodec.encode(entry)).event().orElseThrow();
        assertThat(back.key().isNull()).isTrue();
        assertThat(back.value().isNull()).isFalse();
        assertThat(back.headers()).isEqualTo(event.headers());
        assertThat(back.timestamp()).isEqualTo(Long.MIN_VALUE);
        assertThat(back.position()).isEqualTo(new EventPosition(Samples.PARTITION, 7));
    }

    @Test
    void shouldRefuseAnotherVersion() {
        byte[] bytes = ParkedCodec.encode(new ParkedEvent(Progress.NONE, 0, Optional.empty()));
        bytes[0] = 2;
        assertThatThrownBy(() -> decode(7, bytes))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("orders-3-7")
                .hasMessageContaining("version 2");
    }

    private static ParkedEvent decode(long offset, byte[] bytes) {
        return ParkedCodec.decode(Samples.PARTITION, offset, bytes);
    }

    private static long offsetOf(ParkedEvent entry) {
        return entry.event().map(RawEvent::offset).orElse(7L);
    }

    private static ParkedEvent entry(SplittableRandom random) {
        var progress =
                new Progress(
                        random.nextInt(Integer.MAX_VALUE),
                        random.nextInt(Integer.MAX_VALUE),
                        random.nextLong());
        return new ParkedEvent(
                progress,
                random.nextLong(),
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(event(random)));
    }

    private static RawEvent event(SplittableRandom random) {
        var headers = new ArrayList<Header>();
        for (int i = random.nextInt(6); i > 0; i--) {
            headers.add(new Header(NAMES[random.nextInt(NAMES.length)], payload(random)));
        }
        long timestamp = TIMESTAMPS[random.nextInt(TIMESTAMPS.length)];
        return event(payload(random), payload(random), headers, timestamp);
    }

    private static RawEvent event(
            Payload key, Payload value, List<Header> headers, long timestamp) {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, 7), key, value, headers, timestamp);
    }

    private static Payload payload(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Payload.NULL;
            case 1 -> Payload.of("");
            default -> {
                var bytes = new byte[random.nextInt(2_000)];
                random.nextBytes(bytes);
                yield Payload.of(bytes);
            }
        };
    }
}
