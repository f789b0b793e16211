package io.millrace.schemas.registry;

import static io.millrace.schemas.registry.RegistryException.Kind.INVALID;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/**
 * Where the schema registry is and how to talk to it. Printing it shows no password.
 *
 * @param urls one URL per registry node, all of one registry; tried in this order
 * @param credentials for basic authentication, sent with every request
 * @param tls trust and key material for https; empty means the JVM's own
 * @param timeout of one request, connecting and reading the whole answer included
 * @param retries how often and how fast a request is repeated
 * @param cacheCapacity schemas, ids and versions kept in memory, each
 */
public record RegistryConfig(
        List<URI> urls,
        Optional<Credentials> credentials,
        Optional<SSLContext> tls,
        Duration timeout,
        RetryLimits retries,
        int cacheCapacity) {
    /** URLs of the registry's nodes, separated by commas; a path is allowed. */
    public static final String URL = "schema.registry.url";

    /** URL or USER_INFO; without it whichever is given. */
    public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";

    /** user:password. */
    public static final String USER_INFO = "basic.auth.user.info";

    /** Milliseconds for a whole request. */
    public static final String TIMEOUT_MS = "http.read.timeout.ms";

    /** Rounds through all URLs after the first one. */
    public static final String MAX_RETRIES = "max.retries";

    /** Longest wait before the first retry in milliseconds. */
    public static final String RETRIES_WAIT_MS = "retries.wait.ms";

    /** Bound of the growing wait in milliseconds. */
    public static final String RETRIES_MAX_WAIT_MS = "retries.max.wait.ms";

    /** Entries per cache. */
    public static final String CACHE_CAPACITY = "schema.registry.cache.capacity";

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    static final int DEFAULT_CACHE_CAPACITY = 1_000;
    private static final String BEARER = "bearer.auth.credentials.source";

    public RegistryConfig {
        urls = urls.stream().map(RegistryConfig::checked).distinct().toList();
        if (urls.isEmpty()) {
            throw new RegistryException(INVALID, "'" + URL + "' is empty; name at least one URL");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new RegistryException(
                    INVALID,
                    "'" + TIMEOUT_MS + "' is " + timeout.toMillis() + "; allowed: above 0");
        }
        if (cacheCapacity < 1) {
            throw new RegistryException(
                    INVALID, "'" + CACHE_CAPACITY + "' is " + cacheCapacity + "; allowed: above 0");
        }
    }

    /**
     * The defaults for one or more URLs separated by commas; {@code user:password@} is honoured.
     */
    public static RegistryConfig of(String urls) {
        return from(Map.of(URL, urls));
    }

    /** Reads Confluent's key names from any Kafka configuration; other keys are ignored. */
    public static RegistryConfig from(Map<String, ?> settings) {
        Settings read = new Settings(settings);
        if (read.text(BEARER).isPresent()) {
            throw new RegistryException(
                    INVALID, "'" + BEARER + "' is not supported; use '" + USER_INFO + "'");
        }
        List<URI> urls = read.urls();
        RetryLimits retries =
                new RetryLimits(
                        read.number(MAX_RETRIES, RetryLimits.DEFAULT.maxRetries()),
                        read.millis(RETRIES_WAIT_MS, RetryLimits.DEFAULT.firstDelay()),
                        read.millis(RETRIES_MAX_WAIT_MS, RetryLimits.DEFAULT.maxDelay()));
        return new RegistryConfig(
                urls.stream().map(RegistryConfig::withoutUser).toList(),
                read.credentials(urls),
                TlsFiles.from(read::text),
                read.millis(TIMEOUT_MS, DEFAULT_TIMEOUT),
                retries,
                read.number(CACHE_CAPACITY, DEFAULT_CACHE_CAPACITY));
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            // Not the URL itself: a malformed one may hold a password in an unexpected place.
            throw new RegistryException(
                    INVALID, "an entry of '" + URL + "' is no URL; write http(s)://host:port");
        }
        if (url.getRawUserInfo() != null) {
            throw new RegistryException(
                    INVALID,
                    "an entry of 'urls' holds user and password; pass them as credentials");
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }

    private static URI withoutUser(URI url) {
        String user = url.getRawUserInfo();
        return user == null ? url : URI.create(url.toString().replaceFirst("//[^@/]*@", "//"));
    }

    /** Typed reading of the settings; messages name the key, never a value that may be secret. */
    private record Settings(Map<String, ?> values) {
        Optional<String> text(String key) {
            Object value = values.get(key);
            if (value == null || value.toString().isBlank()) {
                return Optional.empty();
            }
            // Kafka's parsed configurations wrap secrets in its Password type.
            return Optional.of(
                    value instanceof org.apache.kafka.common.config.types.Password password
                            ? password.value()
                            : value.toString().strip());
        }

        int number(String key, int fallback) {
            return text(key).map(value -> parse(key, value, Integer::valueOf)).orElse(fallback);
        }

        Duration millis(String key, Duration fallback) {
            return text(key)
                    .map(value -> Duration.ofMillis(parse(key, value, Long::valueOf)))
                    .orElse(fallback);
        }

        private static <N extends Number> N parse(
                String key, String value, Function<String, N> parser) {
            try {
                return parser.apply(value);
            } catch (NumberFormatException e) {
                throw new RegistryException(
                        INVALID, "'" + key + "' is '" + value + "'; allowed: a whole number", e);
            }
        }

        List<URI> urls() {
            List<URI> urls = new ArrayList<>();
            for (String entry : urlText().split(",")) {
                if (!entry.isBlank()) {
                    urls.add(url(entry.strip()));
                }
            }
            return urls;
        }

        /** A list is what Kafka's own parser makes of the comma separated text. */
        private String urlText() {
            if (values.get(URL) instanceof List<?> list) {
                return String.join(",", list.stream().map(Object::toString).toList());
            }
            return text(URL).orElse("");
        }

        private static URI url(String entry) {
            try {
                return URI.create(entry);
            } catch (IllegalArgumentException e) {
                // Without the cause: its message repeats the URL, which may hold a password.
                throw new RegistryException(
                        INVALID, "an entry of '" + URL + "' is no URL; write http(s)://host:port");
            }
        }

        Optional<Credentials> credentials(List<URI> urls) {
            Optional<String> source = text(CREDENTIALS_SOURCE);
            String known = source.orElse(text(USER_INFO).isPresent() ? "USER_INFO" : "URL");
            return switch (known) {
                case "USER_INFO" -> Optional.of(userInfo());
                case "URL" -> userOf(urls);
                default ->
                        throw new RegistryException(
                                INVALID,
                                "'"
                                        + CREDENTIALS_SOURCE
                                        + "' is '"
                                        + known
                                        + "'; allowed: URL, USER_INFO");
            };
        }

        private Credentials userInfo() {
            String pair =
                    text(USER_INFO)
                            .orElseThrow(() ->
                                    new RegistryException(
                                            INVALID,
                                            "'" + USER_INFO + "' is missing; write user:password"));
            return Credentials.parse(pair, USER_INFO);
        }

        private static Optional<Credentials> userOf(List<URI> urls) {
            Set<String> users = new HashSet<>();
            for (URI url : urls) {
                if (url.getUserInfo() != null) {
                    users.add(url.getUserInfo());
                }
            }
            if (users.size() > 1) {
                throw new RegistryException(
                        INVALID,
                        "the entries of '"
                                + URL
                                + "' name different users; use '"
                                + USER_INFO
                                + "'");
            }
            return users.stream().findFirst().map(user -> Credentials.parse(user, URL));
        }
    }
}
