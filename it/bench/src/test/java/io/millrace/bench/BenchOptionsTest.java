package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

final class BenchOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"--fast", "--only", "--fast x", "--rounds many"})
    void shouldRefuseWhatItDoesNotKnow(String line) {
        assertThatThrownBy(() -> BenchOptions.parse(List.of(line.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadEveryOption() {
        BenchOptions options =
                BenchOptions.parse(
                        List.of(
                                "--quick",
                                "--tune-pc",
                                "--only",
                                "W2,W3",
                                "--arms",
                                "M",
                                "--rounds",
                                "3",
                                "--out",
                                "there",
                                "--arm-options",
                                "-Xmx2g -Xint"));

        assertThat(options.quick()).isTrue();
        assertThat(options.tune()).isTrue();
        assertThat(options.only()).containsExactly("W2", "W3");
        assertThat(options.arms()).containsExactly("M");
        assertThat(options.rounds()).hasValue(3);
        assertThat(options.out()).hasValueSatisfying(p -> assertThat(p).hasToString("there"));
        assertThat(options.armOptions()).containsExactly("-Xmx2g", "-Xint");
    }
}
