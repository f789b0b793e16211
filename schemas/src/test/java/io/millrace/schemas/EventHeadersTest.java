package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;

final class EventHeadersTest {
    @Test
    void shouldKeepTheNamesOfTheContract() {
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "content-type",
                        "ce_specversion",
                        "ce_id",
                        "ce_source",
                        "ce_type",
                        "ce_time",
                        "ce_subject",
                        "ce_dataschema",
                        "millrace-request-id",
                        "millrace-function",
                        "millrace-version",
                        "millrace-trigger",
                        "millrace-attempt",
                        "millrace-source",
                        "millrace-condition",
                        "millrace-error-type",
                        "millrace-error-message",
                        "millrace-source-timestamp",
                        "millrace-first-attempt-at",
                        "millrace-last-attempt-at",
                        "millrace-redrives",
                        "millrace-lineage",
                        "millrace-node",
                        "millrace-truncated",
                        "millrace-window");
    }

    private static List<String> names() {
        return Stream.of(EventHeaders.class.getDeclaredFields())
                .filter(it -> Modifier.isPublic(it.getModifiers()))
                .filter(it -> !it.getName().equals("PREFIX"))
                .filter(it -> !it.getName().equals("CE_SPEC_VERSION_1_0"))
                .map(EventHeadersTest::value)
                .toList();
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field.getName(), e);
        }
    }
}
