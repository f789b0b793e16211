package io.millrace.it.prove;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options that were given; one that stands alone has an empty value. */
public record ProofOptions(Map<String, String> given) {
    /** No options at all. */
    public static final ProofOptions NONE = new ProofOptions(Map.of());

    public ProofOptions {
        given = Map.copyOf(given);
    }

    /** Reads a command line; IllegalArgumentException names what is not allowed. */
    static ProofOptions parse(List<Proof.Option> known, List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            Proof.Option option =
                    known.stream()
                            .filter(candidate -> candidate.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> unknown(name, known));
            if (!option.value().isEmpty() && left.isEmpty()) {
                throw new IllegalArgumentException(
                        "option '" + name + "' needs a value: " + option.value());
            }
            given.put(name, option.value().isEmpty() ? "" : left.pop());
        }
        return new ProofOptions(given);
    }

    public boolean has(String name) {
        return given.containsKey(name);
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(given.get(name));
    }

    private static IllegalArgumentException unknown(String name, List<Proof.Option> known) {
        return new IllegalArgumentException(
                "option '"
                        + name
                        + "' is not known; allowed: "
                        + String.join(", ", known.stream().map(Proof.Option::name).toList()));
    }
}
