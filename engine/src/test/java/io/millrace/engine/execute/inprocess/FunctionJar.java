package io.millrace.engine.execute.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles the source of a function and packs it, as its author would. */
final class FunctionJar {
    private static final String IMPORTS =
            """
            package fn;
            import io.millrace.functions.*;
            import io.millrace.functions.events.*;
            import java.nio.ByteBuffer;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            """;

    private final Path folder;
    private final List<JavaFileObject> sources = new ArrayList<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    FunctionJar(Path folder) {
        this.folder = folder;
    }

    /** Adds the class {@code fn.<name>}; the SDK and the usual packages are imported. */
    FunctionJar source(String name, String body) {
        return source("fn", name, IMPORTS + body);
    }

    FunctionJar source(String javaPackage, String name, String text) {
        String path = javaPackage.replace('.', '/') + "/" + name + ".java";
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                });
        return this;
    }

    FunctionJar file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** The classes that were compiled, by their name in the jar. */
    Map<String, byte[]> classes() throws IOException {
        Path out = Files.createTempDirectory(folder, "classes");
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
            manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(out));
            List<String> options = List.of("-proc:none", "-parameters");
            boolean compiled =
                    javac.getTask(messages, manager, null, options, null, sources).call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (Stream<Path> paths = Files.walk(out)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                classes.put(
                        out.relativize(path).toString().replace('\\', '/'),
                        Files.readAllBytes(path));
            }
        }
        return classes;
    }

    Path build() throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>(files);
        if (!sources.isEmpty()) {
            content.putAll(classes());
        }
        return pack(folder, content);
    }

    static Path pack(Path folder, Map<String, byte[]> content) throws IOException {
        Path jar = Files.createTempFile(folder, "function", ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : content.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return jar;
    }
}
