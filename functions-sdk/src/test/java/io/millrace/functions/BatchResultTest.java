package io.millrace.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class BatchResultTest {
    private final Exception cause = new IllegalStateException("no");

    @Test
    void shouldRefuseAFailureOutsideTheBatch() {
        // Given
        BatchResult<String> result = BatchResult.of(List.of("a", "b"));

        // When, Then
        assertThatThrownBy(() -> result.failed(2, cause))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("no event 2 in a batch of 2");
        assertThatThrownBy(() -> BatchResult.allSucceeded().failed(-1, cause))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldStayTheSameWhenAFailureIsAddedOrTheListChanges() {
        // Given
        List<String> values = new ArrayList<>(List.of("a", "b"));
        BatchResult<String> result = BatchResult.of(values);

        // When
        BatchResult<String> withFailure = result.failed(1, cause);
        values.set(0, "changed");

        // Then
        assertThat(result.failures()).isEmpty();
        assertThat(result.values()).containsExactly("a", "b");
        assertThat(withFailure.failures()).containsOnlyKeys(1);
    }

    @Test
    void shouldHoldForAnySizeWhenAllSucceeded() {
        // When
        BatchResult<String> result = BatchResult.<String>allSucceeded().failed(7, cause);

        // Then
        assertThat(result.size()).isEmpty();
        assertThat(result.values()).isEmpty();
        assertThat(result.failures()).containsEntry(7, cause);
    }

    @Test
    void shouldKeepTheOrderOfTheEventsWhenBuiltOneByOne() {
        // When
        BatchResult<@Nullable String> result =
                BatchResult.<@Nullable String>builder()
                        .succeeded("a")
                        .failed(cause)
                        .succeeded(null)
                        .build();

        // Then
        assertThat(result.size()).hasValue(3);
        assertThat(result.values()).containsExactly("a", null, null);
        assertThat(result.failures()).containsOnlyKeys(1);
    }

    @Test
    void shouldRefuseAFailureBesideAnAnswer() {
        // Given
        BatchResult<String> result = BatchResult.ofResponse("{}");

        // When, Then
        assertThatThrownBy(() -> result.failed(0, cause)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldCarryAnAnswerAsItIsAndNotShowIt() {
        // When
        BatchResult<String> result = BatchResult.ofResponse("not even JSON");

        // Then
        assertThat(result.response()).contains("not even JSON");
        assertThat(result.size()).isEmpty();
        assertThat(result.values()).isEmpty();
        assertThat(result.failures()).isEmpty();
        assertThat(result).hasToString("BatchResult[size=any, failed=[], response]");
        assertThat(BatchResult.allSucceeded().response()).isEmpty();
    }
}
