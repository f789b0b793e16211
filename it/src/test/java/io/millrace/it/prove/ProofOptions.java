package io.millrace.it.prove;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was given on the command line.
 *
 * @param given options; one that stands alone has an empty value
 * @param parts the parts of the proof that were named; none means all
 */
public record ProofOptions(Map<String, String> given, List<String> parts) {
    /** No options at all. */
    public static final ProofOptions NONE = new ProofOptions(Map.of());

    public ProofOptions {
        given = Map.copyOf(given);
        parts = List.copyOf(parts);
    }

    /** Options for all parts. */
    public ProofOptions(Map<String, String> given) {
        this(given, List.of());
    }

    /** Reads a command line; IllegalArgumentException names what is not allowed. */
    static ProofOptions parse(
            List<Proof.Option> known, List<String> knownParts, List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        List<String> parts = new ArrayList<>();
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            if (!knownParts.isEmpty() && !name.startsWith("-")) {
                parts.add(checked(name, knownParts));
                continue;
            }
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
        return new ProofOptions(given, parts);
    }

    public boolean has(String name) {
        return given.containsKey(name);
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(given.get(name));
    }

    private static String checked(String name, List<String> knownParts) {
        if (!knownParts.contains(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not known; allowed: " + String.join(", ", knownParts));
        }
        return name;
    }

    private static IllegalArgumentException unknown(String name, List<Proof.Option> known) {
        return new IllegalArgumentException(
                "option '"
                        + name
                        + "' is not known; allowed: "
                        + String.join(", ", known.stream().map(Proof.Option::name).toList()));
    }
}
