package io.millrace.it;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The compose file of this checkout, with merge keys and variables resolved as compose does.
 *
 * @param variables of the file {@code .env}
 * @param used the names of variables the file refers to
 */
record ComposeFile(
        Map<String, String> variables,
        Set<String> used,
        Map<String, Service> services,
        Set<String> volumes) {
    /** The top of the checkout. */
    static final Path CHECKOUT = checkout();

    static final Path FOLDER = CHECKOUT.resolve("compose");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)}");

    /** One container. */
    record Service(String name, Map<String, Object> settings) {
        Optional<String> image() {
            return Optional.ofNullable(settings.get("image")).map(Object::toString);
        }

        Map<String, String> environment() {
            return texts(settings.getOrDefault("environment", ""));
        }

        List<String> ports() {
            return list(settings.getOrDefault("ports", "")).stream().map(Object::toString).toList();
        }

        /** Name of a service to the condition that is waited for. */
        Map<String, String> dependencies() {
            Map<String, String> conditions = new TreeMap<>();
            map(settings.getOrDefault("depends_on", ""))
                    .forEach((name, how) -> conditions.put(name, "" + map(how).get("condition")));
            return conditions;
        }

        List<Mount> mounts() {
            List<Mount> mounts = new ArrayList<>();
            for (Object volume : list(settings.getOrDefault("volumes", ""))) {
                if (volume instanceof Map) {
                    Map<String, String> parts = texts(volume);
                    mounts.add(
                            new Mount(
                                    parts.getOrDefault("source", ""),
                                    parts.getOrDefault("target", "")));
                } else {
                    String[] parts = volume.toString().split(":", -1);
                    mounts.add(new Mount(parts[0], parts[1]));
                }
            }
            return mounts;
        }
    }

    /** Something of outside in a container. */
    record Mount(String source, String target) {
        /** A folder or file of the checkout, and not a named volume. */
        boolean isBind() {
            return source.startsWith(".") || source.startsWith("/");
        }
    }

    static ComposeFile read() throws IOException {
        Map<String, String> variables = variables(FOLDER.resolve(".env"));
        String text = Files.readString(FOLDER.resolve("compose.yaml"));
        Set<String> used = new TreeSet<>();
        Matcher reference = VARIABLE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (reference.find()) {
            used.add(reference.group(1));
            String value = variables.getOrDefault(reference.group(1), "");
            reference.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        reference.appendTail(resolved);
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        Map<String, Object> root =
                map(new Yaml(new SafeConstructor(strict)).load(resolved.toString()));
        Map<String, Service> services = new TreeMap<>();
        map(root.getOrDefault("services", ""))
                .forEach((name, settings) -> services.put(name, new Service(name, map(settings))));
        return new ComposeFile(
                variables, used, services, map(root.getOrDefault("volumes", "")).keySet());
    }

    /** A file of lines NAME=value. */
    static Map<String, String> variables(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            lines.load(in);
        }
        Map<String, String> variables = new TreeMap<>();
        lines.stringPropertyNames().forEach(name -> variables.put(name, lines.getProperty(name)));
        return variables;
    }

    Service service(String name) {
        return Optional.ofNullable(services.get(name)).orElseThrow();
    }

    String variable(String name) {
        return Optional.ofNullable(variables.get(name)).orElseThrow();
    }

    /** Services whose name begins so, such as {@code kafka-}. */
    List<Service> servicesNamed(String prefix) {
        return services.values().stream().filter(it -> it.name().startsWith(prefix)).toList();
    }

    private static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("compose"))) {
            folder = Optional.ofNullable(folder.getParent()).orElseThrow();
        }
        return folder;
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((key, it) -> map.put(key.toString(), it == null ? "" : it));
        }
        return map;
    }

    private static Map<String, String> texts(Object value) {
        Map<String, String> texts = new TreeMap<>();
        map(value).forEach((key, it) -> texts.put(key, it.toString()));
        return texts;
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> given ? given : List.of();
    }
}
