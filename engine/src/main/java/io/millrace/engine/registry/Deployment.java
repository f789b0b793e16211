package io.millrace.engine.registry;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;

import java.util.List;

/**
 * A function and the triggers that are published together with it.
 *
 * @param codeSize size of the package in bytes
 * @param description for people, may be empty
 * @param triggers all of this function
 */
public record Deployment(
        FunctionSpec function, long codeSize, String description, List<Trigger> triggers) {
    public Deployment {
        triggers = List.copyOf(triggers);
        for (Trigger trigger : triggers) {
            if (!trigger.function().equals(function.name())) {
                throw new MillraceException(
                        ErrorCode.INVALID,
                        "trigger '"
                                + trigger.id()
                                + "' is deployed with function '"
                                + function.name()
                                + "' but runs '"
                                + trigger.function()
                                + "'; a trigger is deployed with its own function");
            }
        }
    }
}
