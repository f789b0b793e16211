package io.millrace.engine.registry;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;

import java.util.Map;
import java.util.Optional;

/**
 * All functions and triggers at one moment; immutable.
 *
 * <p>A trigger may be seen before its function and outlive it: both topics are read side by side.
 */
public record RegistrySnapshot(
        Map<FunctionKey, FunctionSpec> functions, Map<TriggerId, Trigger> triggers) {
    public static final RegistrySnapshot EMPTY = new RegistrySnapshot(Map.of(), Map.of());

    public RegistrySnapshot {
        functions = Map.copyOf(functions);
        triggers = Map.copyOf(triggers);
    }

    public Optional<FunctionSpec> function(FunctionName name, String version) {
        return Optional.ofNullable(functions.get(new FunctionKey(name, version)));
    }

    /** The function a trigger runs, if it is there. */
    public Optional<FunctionSpec> functionOf(Trigger trigger) {
        return function(trigger.function(), trigger.version());
    }
}
