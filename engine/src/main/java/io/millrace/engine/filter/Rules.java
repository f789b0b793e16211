package io.millrace.engine.filter;

import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import software.amazon.event.ruler.MatchType;
import software.amazon.event.ruler.Patterns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiled rules and what they cost.
 *
 * <p>Event-ruler combines the values of a field with those of every further field, unless both lie
 * in the same list of objects: two lists of 3,000 objects in one event keep it busy for 12 seconds.
 * It also follows several wildcards at once. Neither can be stopped once it has begun, hence the
 * estimate beforehand.
 *
 * <p>Threading: any thread; nothing changes after construction.
 */
final class Rules {
    /**
     * Work for one event, in units of about 50 ns, so that none takes much longer than a second on
     * a slow core.
     */
    static final double MAX_WORK = 20_000_000;

    /** Units for looking at one value. */
    private static final double STEP = 2;

    /** Units for joining a value to one of another list. */
    private static final double JOIN = 40;

    /** Units for one character where there are no wildcards; else one for each of their states. */
    private static final double CHARACTER = 0.1;

    private final Machine machine;
    private final boolean acceptsAll;
    private final List<List<Field>> rules = new ArrayList<>();
    private final Set<String> first = new HashSet<>();
    private final double perCharacter;

    /** A field of a rule, and whether its absence can match. */
    private record Field(String name, int absence) {
        String parent() {
            return name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
    }

    /**
     * Compiles rules.
     *
     * @param maxComplexity where to stop counting the states of wildcards
     */
    Rules(List<Map<String, List<Patterns>>> source, int maxComplexity) {
        machine = machineOf(source);
        acceptsAll = source.stream().anyMatch(Map::isEmpty);
        int complexity = complexityOf(machine, maxComplexity);
        perCharacter = complexity > 1 ? complexity : CHARACTER;
        for (Map<String, List<Patterns>> rule : source) {
            List<Field> fields =
                    rule.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(field -> new Field(field.getKey(), absenceIn(field.getValue())))
                            .toList();
            rules.add(fields);
            if (!fields.isEmpty()) {
                first.add(fields.getFirst().name());
            }
        }
    }

    private static int absenceIn(List<Patterns> patterns) {
        return patterns.stream().anyMatch(one -> one.type() == MatchType.ABSENT) ? 1 : 0;
    }

    private static Machine machineOf(List<Map<String, List<Patterns>>> source) {
        Machine machine = Machine.builder().build();
        for (int i = 0; i < source.size(); i++) {
            if (!source.get(i).isEmpty()) {
                machine.addPatternRule(Integer.toString(i), source.get(i));
            }
        }
        return machine;
    }

    /** How many states wildcards can be in at once, counted up to a bound. */
    static int complexityOf(List<Map<String, List<Patterns>>> source, int max) {
        return complexityOf(machineOf(source), max);
    }

    private static int complexityOf(Machine machine, int max) {
        return machine.evaluateComplexity(new MachineComplexityEvaluator(max));
    }

    /** Whether a rule has nothing left that an event could miss. */
    boolean acceptsAll() {
        return acceptsAll;
    }

    /** Upper bound of the work for an event. */
    double workFor(FieldTally tally) {
        double work = tally.values() * STEP;
        for (String field : first) {
            work += tally.lengthOf(field) * perCharacter;
        }
        for (List<Field> rule : rules) {
            work += workFor(rule, tally);
        }
        return work;
    }

    private double workFor(List<Field> rule, FieldTally tally) {
        double work = 0;
        double width = 1;
        Set<String> parents = new HashSet<>();
        for (int i = 0; i < rule.size() && width > 0; i++) {
            Field field = rule.get(i);
            // Two fields of one object can only be joined within it.
            boolean joined = !parents.add(field.parent());
            double fits =
                    joined ? tally.mostInOneObject(field.name()) : tally.valuesOf(field.name());
            double length = tally.lengthOf(field.name()) * perCharacter;
            if (i > 0) {
                work += width == 1 || joined ? tally.values() * STEP + length : 0;
                work += width == 1 ? 0 : width * fits * JOIN;
                work += width == 1 || joined ? 0 : width * (tally.values() * STEP + length);
            }
            width *= fits + field.absence();
        }
        return work;
    }

    // What it declares is what Jackson throws, and runtime exceptions; nothing in it waits.
    @SuppressWarnings("InterruptedExceptionSwallowed")
    boolean match(String document) {
        try {
            return !machine.rulesForJSONEvent(document).isEmpty();
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
