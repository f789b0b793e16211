package io.millrace.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

final class EventKeyTest {
    private static final String ORDER =
            """
            {"id":"o-1","n":1,"s":"1","big":12345678901234567890.10,"ok":true,"none":null,
             "a/b":"slash","m~n":"tilde","":"empty",
             "lines":[{"sku":"x","tags":[]},{"sku":"y","tags":["t"]}],
             "twice":1,"twice":2}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Key",
                "header:",
                "header",
                "value:",
                "value:id",
                "key:/a",
                " key",
                "/id"
            })
    void shouldRefuseAnExpressionThatIsNone(String expression) {
        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> EventKey.parse(expression))
                .withMessageStartingWith("key expression '" + expression + "' is not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "value", "header:id", "value:/id"})
    void shouldFindNoKeyInAnEventWithoutAnything(String expression) {
        RawEvent nothing = event(Payload.NULL, Payload.NULL);

        assertThat(EventKey.parse(expression).of(nothing)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "{",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"o",
                "[",
                "nul",
                "{\"x\":1",
                "{\"x\":{\"id\":1}}",
                "[{\"id\":1}]",
                "7",
                "{\"id\":null}",
                "{id:1}",
                "\u0000\u0000"
            })
    void shouldFindNoKeyWhereThePointerLeadsNowhere(String value) {
        assertThat(pointer("/id", value)).isEmpty();
    }

    @Test
    void shouldFindNoKeyInFramedAvro() {
        byte[] framed = {0, 0, 0, 0, 7, 6, 'o', '-', '1'};

        assertThat(EventKey.parse("value:/id").of(event(Payload.NULL, Payload.of(framed))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "value", "header:id", "value:/id"})
    void shouldFindNoKeyInWhatIsLargerThanTheBound(String expression) {
        Payload large = Payload.of("{\"id\":\"" + "x".repeat(EventKey.MAX_VALUE_SIZE) + "\"}");
        RawEvent event =
                new RawEvent(
                        new EventPosition(Samples.PARTITION, 1),
                        large,
                        large,
                        List.of(new Header("id", large)),
                        0);

        assertThat(EventKey.parse(expression).of(event)).isEmpty();
    }

    @Test
    void shouldNeverThrowWhateverTheBytes() {
        Random random = new Random(42);
        EventKey key = EventKey.parse("value:/a/0/b");
        byte[] alphabet =
                "{}[]\",:ab0\\u\u00e9 1-e.tn".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = alphabet[random.nextInt(alphabet.length)];
            }

            assertThat(key.of(event(Payload.NULL, Payload.of(bytes)))).isNotNull();
        }
    }

    @Test
    void shouldSurviveJsonThatIsNestedWithoutEnd() {
        assertThat(pointer("/id", "[".repeat(500_000))).isEmpty();
        assertThat(pointer("/id", "{\"id\":" + "[".repeat(500_000))).isEmpty();
        assertThat(pointer("/id", "{\"x\":" + "[".repeat(500_000))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/id,\"o-1",
        "/n,1",
        "/s,\"1",
        "/big,12345678901234567890.10",
        "/ok,true",
        "/a~1b,\"slash",
        "/m~0n,\"tilde",
        "/,\"empty",
        "/lines/1/sku,\"y",
        "/lines/0/tags,[]",
        "/lines/1,'{\"sku\":\"y\",\"tags\":[\"t\"]}'",
        "/twice,1"
    })
    void shouldFindThePartThePointerLeadsTo(String pointer, String expected) {
        assertThat(pointer(pointer, ORDER)).contains(Payload.of(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none",
                "/absent",
                "/id/x",
                "/lines/2",
                "/lines/-",
                "/lines/01",
                "/lines/x"
            })
    void shouldFindNoKeyWhereNothingIs(String pointer) {
        assertThat(pointer(pointer, ORDER)).isEmpty();
    }

    @Test
    void shouldTakeTheKeyAsItIs() {
        byte[] bytes = {0, (byte) 0xFF};

        assertThat(EventKey.parse("key").of(event(Payload.of(bytes), Payload.NULL)))
                .contains(Payload.of(bytes));
        assertThat(EventKey.parse("key").of(event(Payload.of(""), Payload.NULL)))
                .contains(Payload.of(""));
    }

    @Test
    void shouldTakeTheLastHeaderOfTheName() {
        RawEvent event =
                new RawEvent(
                        new EventPosition(Samples.PARTITION, 1),
                        Payload.NULL,
                        Payload.NULL,
                        List.of(
                                Header.of("id", "first"),
                                Header.of("id", "last"),
                                Header.of("ID", "x")),
                        0);

        assertThat(EventKey.parse("header:id").of(event)).contains(Payload.of("last"));
    }

    @Test
    void shouldTakeTheSha256OfTheValue() {
        byte[] expected =
                HexFormat.of()
                        .parseHex(
                                "ba7816bf8f01cfea414140de5dae2223"
                                        + "b00361a396177a9cb410ff61f20015ad");

        assertThat(EventKey.parse("value").of(event(Payload.NULL, Payload.of("abc"))))
                .contains(Payload.of(expected));
    }

    @Test
    void shouldShortenLongKeysWithoutConfusingTwo() {
        EventKey key = EventKey.parse("key");
        Payload plain = Payload.of("x".repeat(256));
        Payload first = Payload.of("x".repeat(1_000) + "1");
        Payload second = Payload.of("x".repeat(1_000) + "2");

        Optional<Payload> shortened = key.of(event(first, Payload.NULL));

        assertThat(key.of(event(plain, Payload.NULL))).contains(plain);
        assertThat(shortened.orElseThrow().size()).isEqualTo(257);
        assertThat(Arrays.copyOf(shortened.orElseThrow().bytes(), 225))
                .isEqualTo("x".repeat(225).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(key.of(event(first, Payload.NULL))).isEqualTo(shortened);
        assertThat(key.of(event(second, Payload.NULL))).isNotEqualTo(shortened);
        assertThat(key.of(event(shortened.orElseThrow(), Payload.NULL))).isNotEqualTo(shortened);
    }

    private static Optional<Payload> pointer(String pointer, String value) {
        return EventKey.parse("value:" + pointer).of(event(Payload.NULL, Payload.of(value)));
    }

    private static RawEvent event(Payload key, Payload value) {
        return new RawEvent(new EventPosition(Samples.PARTITION, 1), key, value, List.of(), 0);
    }
}
