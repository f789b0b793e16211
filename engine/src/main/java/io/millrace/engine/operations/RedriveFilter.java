package io.millrace.engine.operations;

import io.millrace.engine.model.EventPosition;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant: those that pass every part that is given.
 *
 * @param conditions why they were given up, any of these; empty for all
 * @param errorTypes of the last failure, any of these; empty for all
 * @param from given up at this time or later
 * @param to given up before this time
 * @param positions of the source events, any of these; empty for all
 * @param headers names and values that the letter has to have, ours included
 */
public record RedriveFilter(
        Set<String> conditions,
        Set<String> errorTypes,
        Optional<Instant> from,
        Optional<Instant> to,
        Set<EventPosition> positions,
        Map<String, String> headers) {
    public static final RedriveFilter ALL =
            new RedriveFilter(
                    Set.of(), Set.of(), Optional.empty(), Optional.empty(), Set.of(), Map.of());

    public RedriveFilter {
        conditions = Set.copyOf(conditions);
        errorTypes = Set.copyOf(errorTypes);
        positions = Set.copyOf(positions);
        headers = Map.copyOf(headers);
    }

    boolean matches(DeadLetter letter) {
        return (conditions.isEmpty() || conditions.contains(letter.condition()))
                && (errorTypes.isEmpty() || errorTypes.contains(letter.errorType()))
                && (positions.isEmpty() || letter.source().filter(positions::contains).isPresent())
                && from.filter(letter.at()::isBefore).isEmpty()
                && (to.isEmpty() || letter.at().isBefore(to.get()))
                && headers.entrySet().stream()
                        .allMatch(header -> letter.has(header.getKey(), header.getValue()));
    }
}
