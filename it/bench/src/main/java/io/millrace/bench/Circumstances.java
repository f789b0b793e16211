package io.millrace.bench;

import io.millrace.bench.plan.Plan;
import io.millrace.bench.run.Bed;
import io.millrace.engine.time.SystemTimeSource;

import org.apache.kafka.common.utils.AppInfoParser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run depends on. */
final class Circumstances {
    private Circumstances() {}

    static Map<String, String> of(List<String> arguments, Plan plan) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("command", "it/prove bench " + String.join(" ", arguments));
        found.put("ended", new SystemTimeSource().now().toString());
        found.put("commit", commit());
        found.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        found.put(
                "system",
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"));
        found.put(
                "Java",
                System.getProperty("java.vm.vendor")
                        + " "
                        + System.getProperty("java.runtime.version"));
        found.put("Kafka", AppInfoParser.getVersion());
        found.put("JVM of each arm", String.join(" ", Bed.ARM_OPTIONS));
        found.put("JVM of the broker", String.join(" ", Bed.BROKER_OPTIONS));
        found.put("broker", "one node on this machine, with the settings the product ships");
        found.put("rounds", plan.rounds() + ", arms in turn");
        return found;
    }

    private static String commit() {
        try {
            Process git =
                    new ProcessBuilder("git", "describe", "--always", "--dirty")
                            .redirectErrorStream(true)
                            .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }
}
