package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One request, free of HTTP.
 *
 * @param path decoded segments
 * @param body an empty object where there was none
 */
record RegistryCall(String method, List<String> path, Map<String, String> query, JsonNode body) {

    static RegistryCall of(String method, URI uri, JsonNode body) {
        List<String> path = new ArrayList<>();
        for (String segment : uri.getRawPath().split("/", -1)) {
            if (!segment.isEmpty()) {
                // A plus means itself in a path, and a blank in a query.
                path.add(decoded(segment.replace("+", "%2B")));
            }
        }
        Map<String, String> query = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                query.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return new RegistryCall(method, List.copyOf(path), Map.copyOf(query), body);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ProtocolException.malformedPath();
        }
    }

    String segment(int index) {
        return path.get(index);
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(query.getOrDefault(name, "false"));
    }

    /** Method and path with {@code *} for names and numbers. */
    String shape() {
        String first = path.isEmpty() ? "" : path.getFirst();
        List<String> shape = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            shape.add(isVariable(first, i) ? "*" : path.get(i));
        }
        return method + " /" + String.join("/", shape);
    }

    private static boolean isVariable(String first, int index) {
        return switch (first) {
            case "subjects" -> index == 1 || index == 3;
            case "compatibility" -> index == 2 || index == 4;
            case "schemas" -> index == 2;
            case "config", "mode" -> index == 1;
            default -> false;
        };
    }
}
