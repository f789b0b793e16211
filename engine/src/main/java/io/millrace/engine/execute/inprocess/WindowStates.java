package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.model.WindowInput;
import io.millrace.functions.Window;

import java.time.Instant;
import java.util.Optional;

/** States of tumbling windows as JSON, to and from the types of one function. Any thread. */
final class WindowStates {
    private final JsonMapper json;

    WindowStates(TypeFactory types) {
        this.json =
                FunctionJson.mapper(types)
                        .rebuild()
                        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .build();
    }

    Optional<Window> seen(Optional<WindowInput> input) {
        return input.map(found -> new Seen(found, json));
    }

    /** Text is JSON already; the engine checks it. */
    Optional<String> written(Optional<Object> state) throws JsonProcessingException {
        if (state.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                state.get() instanceof String text ? text : json.writeValueAsString(state.get()));
    }

    private record Seen(WindowInput input, JsonMapper json) implements Window {
        @Override
        public Instant start() {
            return input.start();
        }

        @Override
        public Instant end() {
            return input.end();
        }

        @Override
        public String state() {
            return input.state();
        }

        @Override
        public <S> S state(Class<S> type) {
            try {
                return json.readValue(input.state(), type);
            } catch (JsonProcessingException unfit) {
                throw new IllegalArgumentException(
                        "the state of window "
                                + input
                                + " cannot be read as "
                                + type.getName()
                                + ": "
                                + unfit.getOriginalMessage());
            }
        }

        @Override
        public boolean isFinal() {
            return input.isFinal();
        }

        @Override
        public boolean isTerminatedEarly() {
            return input.isTerminatedEarly();
        }

        /** Never the state. */
        @Override
        public String toString() {
            return input.toString();
        }
    }
}
