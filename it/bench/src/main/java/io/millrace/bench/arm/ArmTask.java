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

    int number(String setting, int fallback) {
        return Integer.parseInt(settings.getOrDefault(setting, Integer.toString(fallback)));
    }

    String text(String setting, String fallback) {
        return settings.getOrDefault(setting, fallback);
    }
}
