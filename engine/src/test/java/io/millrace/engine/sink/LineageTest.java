package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.schemas.EventHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

final class LineageTest {
    private static final FunctionName RESIZE = new FunctionName("resize");
    private static final FunctionName STORE = new FunctionName("store");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ":",
                "resize",
                "resize:",
                ":5",
                "resize:x",
                "resize:-5",
                "resize:+5",
                "resize:1.5",
                "resize :5",
                "re size:5",
                "resize: 5",
                "resize:\u0665",
                "résize:5"
            })
    void shouldPassOverWhatIsNoCount(String text) {
        Lineage lineage = Lineage.of(List.of(Header.of(EventHeaders.LINEAGE, text)));

        assertThat(lineage.depthOf(RESIZE)).isZero();
        assertThat(lineage.stops(RESIZE)).isFalse();
        assertThat(lineage.after(RESIZE)).hasToString("resize:1");
    }

    @Test
    void shouldReadTheRestOfAHeaderThatIsPartlyBroken() {
        assertThat(read("bad,resize:3,:,store:x").depthOf(RESIZE)).isEqualTo(3);
    }

    @Test
    void shouldPassOverANullHeaderAndOneThatIsTooLong() {
        Header none = new Header(EventHeaders.LINEAGE, Payload.NULL);
        Header tooLong = Header.of(EventHeaders.LINEAGE, "resize:5" + ",".repeat(2_048));

        assertThat(Lineage.of(List.of(none, tooLong)).depthOf(RESIZE)).isZero();
    }

    @Test
    void shouldKeepAHugeCountHuge() {
        assertThat(read("resize:99999999999999999999").stops(RESIZE)).isTrue();
        assertThat(read("resize:9999").after(RESIZE)).hasToString("resize:9999");
    }

    @Test
    void shouldTakeTheLargestCountOfSeveral() {
        Lineage lineage =
                Lineage.of(
                        List.of(
                                Header.of(EventHeaders.LINEAGE, "resize:7,resize:2"),
                                Header.of(EventHeaders.LINEAGE, "resize:3,store:1")));

        assertThat(lineage).hasToString("resize:7,store:1");
    }

    // DEF-24
    @Test
    void shouldLetTheSixteenthRunOfAFunctionPassAndStopTheSeventeenth() {
        Lineage lineage = Lineage.of(List.of());
        for (int run = 1; run <= 16; run++) {
            assertThat(lineage.stops(RESIZE)).as("run %d", run).isFalse();
            lineage = Lineage.of(List.of(lineage.after(RESIZE).header()));
        }

        assertThat(lineage.stops(RESIZE)).isTrue();
        assertThat(lineage.depthOf(RESIZE)).isEqualTo(16);
        assertThat(lineage.stops(STORE)).isFalse();
    }

    @Test
    void shouldCountEachFunctionOfALoopForItself() {
        Lineage lineage = Lineage.of(List.of(Header.of("other", "x")));
        for (int round = 0; round < 15; round++) {
            lineage = lineage.after(RESIZE).after(STORE);
        }

        assertThat(lineage).hasToString("resize:15,store:15");
        assertThat(lineage.header()).isEqualTo(Header.of("millrace-lineage", "resize:15,store:15"));
        assertThat(lineage.stops(RESIZE)).isFalse();
    }

    @Test
    void shouldStayWithinItsBoundsAndStillFindALoopOfMoreFunctionsThanItKeeps() {
        Lineage lineage = Lineage.of(List.of());
        int runs = 0;
        while (!lineage.stops(nameOf(runs % 100))) {
            lineage = Lineage.of(List.of(lineage.after(nameOf(runs % 100)).header()));
            runs++;
            assertThat(lineage.header().value().size()).isLessThanOrEqualTo(2_048);
            assertThat(lineage.toString().split(",", -1)).hasSizeLessThanOrEqualTo(33);
        }

        assertThat(runs).isBetween(32, 100);
    }

    @Test
    void shouldStayWithinItsBytesWhenNamesAreLong() {
        Lineage lineage = Lineage.of(List.of());
        for (int i = 0; i < 40; i++) {
            lineage = lineage.after(new FunctionName(String.format("%064d", i)));
        }

        assertThat(lineage.header().value().size()).isBetween(1_800, 2_048);
        assertThat(Lineage.of(List.of(lineage.header()))).hasToString(lineage.toString());
        assertThat(lineage.toString()).contains(",*:");
    }

    @Test
    void shouldFindALoopAmongFunctionsForWhichThereWasNoRoom() {
        Lineage lineage = Lineage.of(List.of());
        for (int i = 0; i < 32; i++) {
            lineage = lineage.after(nameOf(i));
        }
        for (int run = 0; run < 16; run++) {
            assertThat(lineage.stops(RESIZE)).isFalse();
            lineage = Lineage.of(List.of(lineage.after(RESIZE).header()));
        }

        assertThat(lineage.stops(RESIZE)).isTrue();
        assertThat(lineage.stops(nameOf(0))).isFalse();
    }

    private static FunctionName nameOf(int number) {
        return new FunctionName("f" + number);
    }

    private static Lineage read(String text) {
        return Lineage.of(List.of(Header.of(EventHeaders.LINEAGE, text)));
    }
}
