package io.millrace.engine.registry;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;

/** One version of one function; the key of the functions topic. */
public record FunctionKey(FunctionName name, String version) {
    public static FunctionKey of(FunctionSpec function) {
        return new FunctionKey(function.name(), function.version());
    }

    /** Name and version with a colon between, as in the topic. */
    @Override
    public String toString() {
        return name + ":" + version;
    }
}
