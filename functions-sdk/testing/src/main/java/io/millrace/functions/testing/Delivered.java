package io.millrace.functions.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.schemas.EventHeaders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * What became of one event: at most one result or one dead letter, and the attempts it took.
 *
 * @param result what would be written to the results topic; empty when the handler returned null
 * @param deadLetter what would be written to the dead-letter topic
 * @param attempts one line per attempt, as it would be metered
 */
public record Delivered(
        Optional<OutboundRecord> result,
        Optional<OutboundRecord> deadLetter,
        List<MeteringLine> attempts) {
    public Delivered {
        attempts = List.copyOf(attempts);
    }

    /** Whether the event has succeeded, with a result or without. */
    public boolean hasSucceeded() {
        return deadLetter.isEmpty();
    }

    /** The result as text; fails when there is none. */
    public String text() {
        return required().value().text();
    }

    /** The result, read from JSON; fails when there is none. */
    public <T> T json(Class<T> type) {
        try {
            return JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .build()
                    .readValue(required().value().bytes(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Why the event became a dead letter, such as {@code RetryAttemptsExhausted}; empty otherwise.
     */
    public String condition() {
        return header(EventHeaders.CONDITION);
    }

    /** Class name of what the handler threw last; empty when the event succeeded. */
    public String errorType() {
        return header(EventHeaders.ERROR_TYPE);
    }

    /** Message of what the handler threw last; empty when the event succeeded. */
    public String errorMessage() {
        return header(EventHeaders.ERROR_MESSAGE);
    }

    private OutboundRecord required() {
        return result.orElseThrow(() ->
                new AssertionError(
                        deadLetter.isEmpty()
                                ? "the handler returned null, so there is no result"
                                : "the event became a dead letter: "
                                        + condition()
                                        + ", "
                                        + errorType()
                                        + ": "
                                        + errorMessage()));
    }

    private String header(String name) {
        return deadLetter.stream()
                .flatMap(record -> record.headers().stream())
                .filter(header -> header.key().equals(name))
                .reduce((_, last) -> last)
                .map(header -> header.value().text())
                .orElse("");
    }
}
