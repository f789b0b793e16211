package io.millrace.engine.manifest;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a manifest. Strict: a field that is not known is an error. Everything that is wrong is told
 * at once, with its line. Threading: any thread.
 */
public final class ManifestReader {
    private static final List<String> FIELDS =
            List.of(
                    "function",
                    "handler",
                    "code",
                    "timeout",
                    "memory",
                    "description",
                    "environment",
                    "triggers",
                    "sources");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);
    private static final int DEFAULT_MEMORY_MB = 128;
    private static final int MAX_MEMORY_MB = 10_240;
    private static final int MAX_DESCRIPTION = 256;
    private static final int MAX_ENVIRONMENT_BYTES = 4096;
    private static final long MAX_FILE_BYTES = 1024 * 1024;
    private static final Pattern CLASS_NAME =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final TopicNames names;
    private final Map<String, String> variables;

    /**
     * A reader for one cluster and one caller.
     *
     * @param names give the default destinations
     * @param variables what <code>${NAME}</code> stands for
     */
    public ManifestReader(TopicNames names, Map<String, String> variables) {
        this.names = names;
        this.variables = Map.copyOf(variables);
    }

    /**
     * Reads and checks one file.
     *
     * @throws MillraceException with everything that is wrong
     */
    public Manifest read(Path file) {
        Problems problems = new Problems();
        Optional<Yaml> tree = Yaml.parse(text(file), problems);
        if (tree.isPresent() && !(tree.get() instanceof Yaml.Mapping)) {
            problems.add(
                    tree.get().line(),
                    "it must hold fields; allowed: " + String.join(", ", FIELDS));
        }
        if (!(tree.orElse(null) instanceof Yaml.Mapping mapping)) {
            problems.raise(file);
            throw new IllegalStateException("a manifest without a tree has a problem");
        }
        Section root =
                new Section(
                        "the manifest",
                        mapping,
                        FIELDS,
                        new Variables(variables, problems),
                        problems);
        return manifest(file, root, problems);
    }

    private Manifest manifest(Path file, Section root, Problems problems) {
        String name = root.required("function");
        Optional<FunctionName> function = root.checked("function", name, FunctionName::new);
        String handler = handler(root);
        String code = root.required("code");
        Manifest.Limits limits =
                new Manifest.Limits(
                        root.duration("timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT),
                        root.megabytes(
                                "memory", DEFAULT_MEMORY_MB, DEFAULT_MEMORY_MB, MAX_MEMORY_MB));
        String description = description(root);
        Map<String, String> environment = environment(root);
        List<Manifest.Source> sources = SourceSection.readAll(root);
        // A trigger needs a function's name; where it is missing, the rest is checked all the same.
        FunctionName known = function.orElseGet(() -> new FunctionName("unknown"));
        List<Trigger> triggers = new TriggerSection(names, known, sources).readAll(root);
        problems.raise(file);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        return new Manifest(
                file,
                known,
                handler,
                folder.resolve(code).normalize(),
                limits,
                description,
                environment,
                triggers,
                sources);
    }

    private static String handler(Section root) {
        String handler = root.required("handler");
        if (!handler.isBlank() && !CLASS_NAME.matcher(handler).matches()) {
            root.problem(
                    "handler",
                    "'handler' is '"
                            + handler
                            + "'; allowed: the name of a class with its package");
        }
        return handler;
    }

    private static String description(Section root) {
        String description = root.optional("description").orElse("");
        if (description.length() > MAX_DESCRIPTION) {
            root.problem(
                    "description",
                    "'description' has "
                            + description.length()
                            + " characters; allowed: at most "
                            + MAX_DESCRIPTION);
        }
        return description;
    }

    private static Map<String, String> environment(Section root) {
        Map<String, String> environment = root.texts("environment");
        int bytes = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (!VARIABLE_NAME.matcher(name).matches()) {
                root.problem(
                        "environment",
                        "'"
                                + name
                                + "' in 'environment' is not allowed; allowed: letters, digits and"
                                + " '_', not starting with a digit");
            }
            bytes += name.getBytes(StandardCharsets.UTF_8).length;
            bytes += variable.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ENVIRONMENT_BYTES) {
            root.problem(
                    "environment",
                    "'environment' has "
                            + bytes
                            + " bytes in all; allowed: at most "
                            + MAX_ENVIRONMENT_BYTES);
        }
        return environment;
    }

    private static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new MillraceException(
                        ErrorCode.INVALID,
                        "manifest '" + file + "' is a folder; name the YAML file in it");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new MillraceException(
                        ErrorCode.INVALID,
                        "manifest '" + file + "' is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "manifest '" + file + "' does not exist", e);
        } catch (AccessDeniedException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "manifest '" + file + "' cannot be read: no permission", e);
        } catch (CharacterCodingException e) {
            throw new MillraceException(
                    ErrorCode.INVALID, "manifest '" + file + "' is not a text in UTF-8", e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "manifest '" + file + "' cannot be read: " + e, e);
        }
    }
}
