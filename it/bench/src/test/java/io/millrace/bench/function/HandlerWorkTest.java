package io.millrace.bench.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.LongStream;

final class HandlerWorkTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "sleep:10", "wait", "wait:x", "straggle:1:5000"})
    void shouldRefuseWhatIsNoWork(String text) {
        assertThatThrownBy(() -> HandlerWork.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noop", "wait:10", "straggle:1:5000:1000"})
    void shouldWriteWhatItReads(String text) {
        assertThat(HandlerWork.parse(text).text()).isEqualTo(text);
    }

    @Test
    void shouldSlowDownOneEventInSoMany() {
        HandlerWork work = HandlerWork.parse("straggle:1:5000:1000");

        assertThat(LongStream.range(0, 100_000).filter(work::isSlow).count()).isEqualTo(100);
    }
}
