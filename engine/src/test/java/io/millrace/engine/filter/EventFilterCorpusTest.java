package io.millrace.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Our own pairs of event and pattern, each with its verdict. */
final class EventFilterCorpusTest {
    private static final List<Header> HEADERS =
            List.of(
                    Header.of("source", "shop"),
                    Header.of("source", "web"),
                    Header.of("x.y", "dotted"),
                    new Header("nothing", Payload.NULL),
                    new Header("broken", Payload.of(new byte[] {(byte) 0xC3, 0x28})));

    record Pair(String verdict, String pattern, String value) {
        @Override
        public String toString() {
            return verdict + ": " + pattern + " on " + value;
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldJudgeAsTheCorpusSays(Pair pair) {
        EventFilter filter = EventFilter.compile(List.of(pair.pattern()));

        FilterVerdict verdict = filter.test(event(pair.value()));

        assertThat(verdict)
                .isEqualTo(
                        pair.verdict().equals("accepted")
                                ? FilterVerdict.ACCEPTED
                                : FilterVerdict.REJECTED);
    }

    @Test
    void shouldHaveAtLeastEightyPairsOfBothVerdicts() throws IOException {
        assertThat(pairs()).hasSizeGreaterThan(80);
        assertThat(pairs())
                .filteredOn(pair -> pair.verdict().equals("accepted"))
                .hasSizeGreaterThan(30);
        assertThat(pairs())
                .filteredOn(pair -> pair.verdict().equals("rejected"))
                .hasSizeGreaterThan(30);
    }

    private static Stream<Pair> pairs() throws IOException {
        try (InputStream in = EventFilterCorpusTest.class.getResourceAsStream("corpus.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .map(line -> line.split(" ## ", -1))
                    .map(parts -> new Pair(parts[0], parts[1], parts[2]));
        }
    }

    private static Event event(String value) {
        Payload bytes = Payload.of(value);
        return new Event(
                new RawEvent(
                        new EventPosition(new PartitionId("orders", 3), 9_007_199_254_740_993L),
                        Payload.of("{\"id\":\"k-1\",\"n\":7}"),
                        bytes,
                        HEADERS,
                        1_795_251_600_837L),
                new DecodedValue.Bytes(bytes));
    }
}
