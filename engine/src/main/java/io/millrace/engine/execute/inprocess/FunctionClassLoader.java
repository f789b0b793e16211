package io.millrace.engine.execute.inprocess;

import java.io.IOException;
import java.net.URLClassLoader;
import java.util.List;

/**
 * The classes of one version of a function.
 *
 * <p>A class comes from the JDK, from the few packages that the function shares with the engine, or
 * from the function's package; nothing else of the engine can be seen, so that a function may bring
 * any library in any version. Shared are the SDK and JSpecify, and what makes a function's own
 * classes readable for the engine: Jackson's annotations and Avro.
 */
final class FunctionClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final List<String> SHARED =
            List.of(
                    "io.millrace.functions.",
                    "org.jspecify.",
                    "com.fasterxml.jackson.annotation.",
                    "org.apache.avro.");

    private final FunctionPackage code;
    private final ClassLoader engine;

    /** Takes over the package: closing this closes it. */
    FunctionClassLoader(String name, FunctionPackage code) {
        super(name, code.urls(), ClassLoader.getPlatformClassLoader());
        this.code = code;
        this.engine = FunctionClassLoader.class.getClassLoader();
    }

    FunctionPackage code() {
        return code;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String prefix : SHARED) {
            if (name.startsWith(prefix)) {
                return engine.loadClass(name);
            }
        }
        return super.loadClass(name, resolve);
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            code.close();
        }
    }
}
