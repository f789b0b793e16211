package io.millrace.it.prove.sources.tables;

import io.millrace.engine.dev.Installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.stream.Stream;

/** Connections by the driver that is in a plugin archive: it is on no class path of ours. */
final class Jdbc {
    private final Driver driver;

    private Jdbc(Driver driver) {
        this.driver = driver;
    }

    /**
     * A driver.
     *
     * @param plugins folder with the plugin's jars
     */
    static Jdbc of(Path plugins, String driver) {
        try (Stream<Path> jars = Files.list(plugins)) {
            URL[] urls =
                    jars.filter(jar -> jar.toString().endsWith(".jar"))
                            .map(Jdbc::url)
                            .toArray(URL[]::new);
            // Open until this JVM ends: the driver loads classes when it needs them.
            URLClassLoader loader = new URLClassLoader(urls, Jdbc.class.getClassLoader());
            return new Jdbc(
                    (Driver) loader.loadClass(driver).getDeclaredConstructor().newInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return driver.connect(url, properties);
    }

    /** The plugin folder that the build made. */
    static Path pluginFolder(String database) {
        return Installation.find()
                .home()
                .resolve("connectors/tables/" + database + "/target/plugin/millrace-" + database);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
