package io.millrace.engine.config;

import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Reads the settings of a node from a properties file, the environment and the command line; the
 * later of these wins.
 *
 * <p>Everything that is wrong is told at once, in one line. Environment variables that start with
 * {@code MILLRACE_} and resemble no key are left alone: launchers and orchestrators make such.
 */
public final class ConfigReader {
    private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern TOPIC_PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,100}");
    private static final Pattern SERVERS = Pattern.compile("[^\\s,:]+:\\d{1,5}|\\[[^]]+]:\\d{1,5}");
    private static final String KAFKA_ENVIRONMENT = ConfigKeys.ENVIRONMENT_PREFIX + "KAFKA_";

    private final Map<String, String> environment;
    private final RandomGenerator random;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();

    private ConfigReader(Map<String, String> environment, RandomGenerator random) {
        this.environment = environment;
        this.random = random;
    }

    /**
     * Reads and checks; makes the node's identity and state folder on the first start.
     *
     * @param file properties file, or none
     * @param environment of the process
     * @param overrides from the command line
     * @param random for the identity of a new node
     */
    public static EngineConfig read(
            Optional<Path> file,
            Map<String, String> environment,
            Map<String, String> overrides,
            RandomGenerator random) {
        ConfigReader reader = new ConfigReader(environment, random);
        file.ifPresent(reader::readFile);
        reader.readEnvironment();
        overrides.forEach((key, value) -> reader.put(key, value, "--set"));
        return reader.config();
    }

    /** Settings for every Kafka client, from variables such as MILLRACE_KAFKA_SECURITY_PROTOCOL. */
    public static Map<String, String> kafkaSettings(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(KAFKA_ENVIRONMENT)) {
                String key = name.substring(KAFKA_ENVIRONMENT.length());
                settings.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return settings;
    }

    private void readFile(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "config file '" + file + "' does not exist", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new MillraceException(
                    e instanceof IOException ? ErrorCode.DENIED : ErrorCode.INVALID,
                    "cannot read config file '" + file + "': " + e,
                    e);
        }
        for (String key : properties.stringPropertyNames()) {
            put(key, properties.getProperty(key), "'" + file + "'");
        }
    }

    private void readEnvironment() {
        kafkaSettings(environment)
                .forEach((key, value) ->
                        put(ConfigKeys.KAFKA_PREFIX + key, value, "the environment"));
        Map<String, String> known = new TreeMap<>();
        ConfigKeys.ALL.forEach(key -> known.put(key.environmentName(), key.name()));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (known.containsKey(name)) {
                put(known.get(name), variable.getValue(), "the environment");
            } else if (name.startsWith(ConfigKeys.ENVIRONMENT_PREFIX)
                    && !name.startsWith(KAFKA_ENVIRONMENT)) {
                misspelt(name, known)
                        .ifPresent(near -> errors.add(unknown(name, "the environment", near)));
            }
        }
    }

    private static Optional<String> misspelt(String name, Map<String, String> known) {
        return known.keySet().stream()
                .filter(key -> NearestName.distance(name, key) <= 2)
                .findFirst();
    }

    private void put(String key, String value, String where) {
        boolean isKafka =
                key.startsWith(ConfigKeys.KAFKA_PREFIX)
                        && key.length() > ConfigKeys.KAFKA_PREFIX.length();
        if (!isKafka && ConfigKeys.ALL.stream().noneMatch(known -> known.name().equals(key))) {
            String near = ConfigKeys.nearest(key).map(ConfigKeys.Key::name).orElse("");
            errors.add(unknown(key, where, near));
            return;
        }
        settings.put(key, value.strip());
    }

    private static String unknown(String key, String where, String near) {
        String hint =
                near.isEmpty()
                        ? "known: "
                                + String.join(
                                        ", ",
                                        ConfigKeys.ALL.stream().map(ConfigKeys.Key::name).toList())
                                + ", kafka.*"
                        : "did you mean '" + near + "'?";
        return "'" + key + "' in " + where + " is not known; " + hint;
    }

    private EngineConfig config() {
        String servers =
                checked(
                        ConfigKeys.BOOTSTRAP_SERVERS,
                        ConfigReader::servers,
                        "host:port[,host:port...]");
        String registry = value(ConfigKeys.SCHEMA_REGISTRY_URL);
        if (!urls(registry)) {
            // Not the value: it may hold a password.
            errors.add(
                    "'schema.registry.url' is no URL; allowed: http(s)://host:port, several"
                            + " separated by commas");
        }
        String prefix =
                checked(
                        ConfigKeys.TOPIC_PREFIX,
                        TOPIC_PREFIX.asMatchPredicate(),
                        "at most 100 letters, digits, '.', '_' or '-'");
        int replicas = (int) number(ConfigKeys.REPLICATION_FACTOR);
        if (replicas == 0) {
            errors.add("'replication.factor' is '0'; allowed: -1, or 1 to 32767");
        }
        int partitions = (int) number(ConfigKeys.TOPIC_PARTITIONS);
        String givenId = value(ConfigKeys.NODE_ID);
        if (!givenId.isEmpty() && !NODE_ID.matcher(givenId).matches()) {
            errors.add(notAllowed(ConfigKeys.NODE_ID, givenId, nodeIdRule()));
        }
        Path stateDir = stateDir();
        EngineLimits limits = EngineLimits.of(this::number);
        requireOrdered(limits.supervision().restarts());
        String partition =
                checked(ConfigKeys.AWS_PARTITION, AwsAccount::isName, AwsAccount.NAME_RULE);
        String region = checked(ConfigKeys.AWS_REGION, AwsAccount::isName, AwsAccount.NAME_RULE);
        String account =
                checked(ConfigKeys.AWS_ACCOUNT_ID, AwsAccount::isAccountId, AwsAccount.ID_RULE);
        requireNoErrors();
        String nodeId = givenId.isEmpty() ? keptNodeId(stateDir) : givenId;
        return new EngineConfig(
                servers,
                registry,
                nodeId,
                stateDir,
                prefix,
                replicas,
                partitions,
                kafka(),
                limits,
                new AwsAccount(partition, region, account));
    }

    private void requireOrdered(EngineLimits.Restarts restarts) {
        if (restarts.longest().compareTo(restarts.first()) < 0) {
            errors.add(
                    notAllowed(
                            LimitKeys.RESTART_MAX_DELAY,
                            value(LimitKeys.RESTART_MAX_DELAY),
                            "not less than '"
                                    + LimitKeys.RESTART_FIRST_DELAY.name()
                                    + "', "
                                    + restarts.first().toMillis()));
        }
    }

    private Map<String, String> kafka() {
        Map<String, String> kafka = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(ConfigKeys.KAFKA_PREFIX)) {
                kafka.put(key.substring(ConfigKeys.KAFKA_PREFIX.length()), value);
            }
        });
        return kafka;
    }

    private String value(ConfigKeys.Key key) {
        return settings.getOrDefault(key.name(), key.defaultValue());
    }

    private String checked(ConfigKeys.Key key, Predicate<String> isAllowed, String allowed) {
        String value = value(key);
        if (!isAllowed.test(value)) {
            errors.add(notAllowed(key, value, allowed));
        }
        return value;
    }

    private long number(ConfigKeys.Key key) {
        String value = value(key);
        ConfigKeys.Range range = key.range().orElseThrow();
        try {
            long number = Long.parseLong(value);
            if (number >= range.min() && number <= range.max()) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Told below, as a number out of its bounds is.
        }
        errors.add(notAllowed(key, value, range.toString()));
        return Long.parseLong(key.defaultValue());
    }

    private Path stateDir() {
        String text = value(ConfigKeys.STATE_DIR);
        if (text.isEmpty()) {
            errors.add(notAllowed(ConfigKeys.STATE_DIR, text, "a folder"));
        }
        String home = System.getProperty("user.home", "");
        boolean isHome = text.equals("~") || text.startsWith("~/");
        return Path.of(isHome ? home + text.substring(1) : text).toAbsolutePath().normalize();
    }

    private static boolean servers(String text) {
        String[] servers = text.split(",", -1);
        for (String server : servers) {
            if (!SERVERS.matcher(server.strip()).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean urls(String text) {
        for (String url : text.split(",", -1)) {
            if (!url.strip().matches("https?://\\S+")) {
                return false;
            }
        }
        return true;
    }

    private static String nodeIdRule() {
        return "1 to 100 letters, digits, '.', '_' or '-', starting with a letter or digit";
    }

    private static String notAllowed(ConfigKeys.Key key, String value, String allowed) {
        return "'" + key.name() + "' is '" + value + "'; allowed: " + allowed;
    }

    private void requireNoErrors() {
        if (!errors.isEmpty()) {
            throw new MillraceException(ErrorCode.INVALID, String.join("; ", errors));
        }
    }

    private String keptNodeId(Path stateDir) {
        Path file = stateDir.resolve("node-id");
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (NODE_ID.matcher(kept).matches()) {
                    return kept;
                }
                throw new MillraceException(
                        ErrorCode.INVALID,
                        "file '" + file + "' holds no node id; allowed: " + nodeIdRule());
            }
            Files.createDirectories(stateDir);
            String made = String.format(Locale.ROOT, "node-%08x", random.nextInt());
            Files.writeString(file, made + "\n");
            return made;
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "cannot use folder '" + stateDir + "' ('state.dir'): " + e,
                    e);
        }
    }
}
