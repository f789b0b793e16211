package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Class loader of the object store's jar, which sees the JDK and nothing of ours. It hides the
 * jar's logging configuration, which writes to the standard output, behind a silent one.
 */
final class IsolatedLoader extends URLClassLoader {
    private static final String LOGGING = "logback.xml";
    private static final String SILENT = "silent-logback.xml";

    private IsolatedLoader(URL jar) {
        super("object-store", new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    }

    static IsolatedLoader of(Path jar) {
        try {
            return new IsolatedLoader(jar.toUri().toURL());
        } catch (MalformedURLException e) {
            throw new MillraceException(ErrorCode.FAILED, "'" + jar + "' is no place of a jar", e);
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        return name.equals(LOGGING)
                ? IsolatedLoader.class.getResource(SILENT)
                : super.findResource(name);
    }
}
