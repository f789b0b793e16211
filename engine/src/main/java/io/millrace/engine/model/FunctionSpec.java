package io.millrace.engine.model;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything needed to run one version of a function.
 *
 * @param version {@code $LATEST} or a number
 * @param handler class name of the handler
 * @param codeSha256 digest of the package, lower-case hex; names it in the code topic
 * @param memoryMb what is metered; in-process environments do not enforce it
 * @param environment settings handed to the handler; may hold secrets, so {@link #toString} shows
 *     the names only
 */
public record FunctionSpec(
        FunctionName name,
        String version,
        String handler,
        String codeSha256,
        Duration timeout,
        int memoryMb,
        Map<String, String> environment) {
    /** The version that follows every deployment. */
    public static final String LATEST = "$LATEST";

    public FunctionSpec {
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return name
                + ":"
                + version
                + " handler="
                + handler
                + " code="
                + codeSha256
                + " timeout="
                + timeout
                + " memory="
                + memoryMb
                + "MB environment="
                + new TreeMap<>(environment).keySet();
    }
}
