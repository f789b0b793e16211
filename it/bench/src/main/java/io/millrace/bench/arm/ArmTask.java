package io.millrace.bench.arm;

import io.millrace.bench.function.HandlerWork;

import java.nio.file.Path;
import java.util.Map;

/**
 * What an arm has to do in a cell.
 *
 * @param arm which one
 * @param group its consumer group; new in every cell
 * @param work what the handler does, as {@link HandlerWork#text}
 * @param folder an empty folder for its files
 * @param settings what is chosen for this arm, by names that the arm knows
 */
public record ArmTask(
        ArmKind arm,
        String bootstrapServers,
        String registryUrl,
        String input,
        String output,
        String group,
        String work,
        String folder,
        Map<String, String> settings) {
    public ArmTask {
        settings = Map.copyOf(settings);
    }

    HandlerWork handler() {
        return HandlerWork.parse(work);
    }

    Path directory() {
        return Path.of(folder);
    }

    /** Where the audit of the handlers is written, if the work asks for one. */
    public Path auditFile() {
        return Path.of(folder).resolve("audit");
    }

    /** The consumer group that commits. */
    public String consumerGroup() {
        return arm.consumerGroup(group);
    }

    /** The same for another member of the group. */
    public ArmTask member(String node, String itsFolder) {
        Map<String, String> more = new java.util.HashMap<>(settings);
        more.put("node", node);
        return new ArmTask(
                arm, bootstrapServers, registryUrl, input, output, group, work, itsFolder, more);
    }

    /** Whether nothing is written. */
    boolean isSilent() {
        return settings.containsKey("silent");
    }

    boolean isAtLeastOnce() {
        return text("guarantee", "").equals("at_least_once");
    }

    int number(String setting, int fallback) {
        return Integer.parseInt(settings.getOrDefault(setting, Integer.toString(fallback)));
    }

    String text(String setting, String fallback) {
        return settings.getOrDefault(setting, fallback);
    }
}
