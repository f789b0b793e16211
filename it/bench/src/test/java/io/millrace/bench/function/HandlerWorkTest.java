package io.millrace.bench.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.load.EventBytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.LongStream;

final class HandlerWorkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sleep:10",
                "wait",
                "wait:x",
                "straggle:1:5000",
                "poison:1",
                "noop:1",
                "audited:1:noop"
            })
    void shouldRefuseWhatIsNoWork(String text) {
        assertThatThrownBy(() -> HandlerWork.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "noop",
                "wait:10",
                "straggle:1:5000:1000",
                "poison:100:60000",
                "audited:500:20:noop"
            })
    void shouldWriteWhatItReads(String text) {
        assertThat(HandlerWork.parse(text).text()).isEqualTo(text);
    }

    @Test
    void shouldFailPoisonedKeysUntilTheirTimeIsOver() {
        byte[] poisoned = EventBytes.value(24, 0, 9, 0, 0);
        byte[] healthy = EventBytes.value(24, 1, 8, 0, 0);
        HandlerWork failing = HandlerWork.poison(10, 600_000).audited(100, 20);
        failing.begin();

        assertThatThrownBy(() -> failing.run(poisoned)).isInstanceOf(IllegalStateException.class);
        assertThatCode(() -> failing.run(healthy)).doesNotThrowAnyException();
        assertThatCode(() -> HandlerWork.poison(10, 0).audited(100, 20).run(poisoned))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldSlowDownOneEventInSoMany() {
        HandlerWork work = HandlerWork.parse("straggle:1:5000:1000");

        assertThat(LongStream.range(0, 100_000).filter(work::isSlow).count()).isEqualTo(100);
    }
}
