package io.millrace.schemas.registry;

import static io.millrace.schemas.registry.RegistryException.Kind.INVALID;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.function.Function;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Reads the key stores that the settings name; none named means the JVM's own trust. */
final class TlsFiles {
    private static final String PREFIX = "schema.registry.ssl.";

    private TlsFiles() {}

    static Optional<SSLContext> from(Function<String, Optional<String>> settings) {
        Optional<String> trust = settings.apply(PREFIX + "truststore.location");
        Optional<String> keys = settings.apply(PREFIX + "keystore.location");
        if (trust.isEmpty() && keys.isEmpty()) {
            return Optional.empty();
        }
        TrustManager @Nullable [] trusted = null;
        if (trust.isPresent()) {
            trusted = trustManagers(trust.get(), settings);
        }
        KeyManager @Nullable [] own = null;
        if (keys.isPresent()) {
            own = keyManagers(keys.get(), settings);
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw unusable(PREFIX + "*", "the settings", e);
        }
    }

    private static TrustManager[] trustManagers(
            String location, Function<String, Optional<String>> settings) {
        String setting = PREFIX + "truststore";
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store(location, setting, settings));
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(setting + ".location", location, e);
        }
    }

    private static KeyManager[] keyManagers(
            String location, Function<String, Optional<String>> settings) {
        String setting = PREFIX + "keystore";
        try {
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            Optional<String> password =
                    settings.apply(PREFIX + "key.password")
                            .or(() -> settings.apply(setting + ".password"));
            factory.init(store(location, setting, settings), password.orElse("").toCharArray());
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(setting + ".location", location, e);
        }
    }

    private static KeyStore store(
            String location, String setting, Function<String, Optional<String>> settings)
            throws GeneralSecurityException, IOException {
        String type = settings.apply(setting + ".type").orElse("JKS");
        if (type.equals("PEM")) {
            throw new RegistryException(
                    INVALID, "'" + setting + ".type' is 'PEM'; allowed: JKS, PKCS12");
        }
        // The JDK's JKS reads PKCS12 files too.
        KeyStore store = KeyStore.getInstance(type);
        char @Nullable [] password =
                settings.apply(setting + ".password").map(String::toCharArray).orElse(null);
        try (InputStream in = Files.newInputStream(Path.of(location))) {
            store.load(in, password);
        }
        return store;
    }

    private static RegistryException unusable(String setting, String found, Exception cause) {
        return new RegistryException(
                INVALID,
                "'"
                        + setting
                        + "' names '"
                        + found
                        + "', which cannot be used: "
                        + Texts.oneLine(cause)
                        + "; check the file, its type and its password",
                cause);
    }
}
