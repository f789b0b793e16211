package io.millrace.engine.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A source in the form that Kafka Connect's own REST interface takes: {@code {"name": ...,
 * "config": {...}}}.
 *
 * @param config name and class included; may hold secrets, so {@link #toString} shows keys only
 */
public record SourceFile(String name, String connectorClass, Map<String, String> config) {
    private static final int MAX_BYTES = 10 * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    public SourceFile {
        config = Map.copyOf(config);
    }

    /** Reads a file; throws {@link MillraceException} with everything that is wrong with it. */
    public static SourceFile read(Path file) {
        JsonNode tree = tree(file);
        List<String> problems = new ArrayList<>();
        if (!tree.isObject()) {
            throw wrong(file, List.of("it is no JSON object; allowed: {\"name\", \"config\"}"));
        }
        tree.fieldNames()
                .forEachRemaining(field -> {
                    if (!field.equals("name") && !field.equals("config")) {
                        problems.add("'" + field + "' is not known; allowed: name, config");
                    }
                });
        String name = tree.path("name").asText("");
        if (name.isBlank()) {
            problems.add("'name' is missing; allowed: a name for the connector");
        }
        Map<String, String> config = config(tree.path("config"), problems);
        String connectorClass = config.getOrDefault("connector.class", "");
        if (connectorClass.isBlank()) {
            problems.add("'config' has no 'connector.class'; allowed: the class of a connector");
        }
        if (!config.getOrDefault("name", name).equals(name)) {
            problems.add("'name' in 'config' differs from '" + name + "'; leave it out");
        }
        if (!problems.isEmpty()) {
            throw wrong(file, problems);
        }
        config.put("name", name);
        return new SourceFile(name, connectorClass, config);
    }

    /** The topic it writes to, if its settings tell; empty otherwise. */
    public String topic() {
        return config.getOrDefault("topic", "");
    }

    @Override
    public String toString() {
        return name + " " + connectorClass + " config=" + new TreeSet<>(config.keySet());
    }

    private static Map<String, String> config(JsonNode node, List<String> problems) {
        Map<String, String> config = new TreeMap<>();
        if (!node.isObject()) {
            problems.add("'config' is missing or no object; allowed: keys and values");
            return config;
        }
        node.properties()
                .forEach(each -> {
                    if (each.getValue().isValueNode() && !each.getValue().isNull()) {
                        config.put(each.getKey(), each.getValue().asText());
                    } else {
                        problems.add(
                                "'"
                                        + each.getKey()
                                        + "' in 'config' is no text, number or boolean");
                    }
                });
        return config;
    }

    private static JsonNode tree(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw wrong(file, List.of("it is larger than " + MAX_BYTES + " bytes"));
            }
            JsonNode tree = JSON.readTree(file.toFile());
            return tree == null ? JSON.missingNode() : tree;
        } catch (JsonProcessingException e) {
            throw wrong(
                    file,
                    List.of(
                            "it is no JSON: "
                                    + ConnectClient.oneLine(e.getOriginalMessage())
                                    + (e.getLocation() == null
                                            ? ""
                                            : " in line " + e.getLocation().getLineNr())));
        } catch (NoSuchFileException e) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "source file '" + file + "' does not exist", e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "source file '" + file + "' cannot be read: " + e, e);
        }
    }

    private static MillraceException wrong(Path file, List<String> problems) {
        return new MillraceException(
                ErrorCode.INVALID, "source file '" + file + "': " + String.join("; ", problems));
    }
}
