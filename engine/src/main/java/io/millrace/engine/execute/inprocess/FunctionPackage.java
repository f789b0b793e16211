package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The code of a function: a jar, or a zip of classes with further jars in {@code lib/}.
 *
 * <p>Jars in {@code lib/} are unpacked into a folder of their own, which {@link #close} removes.
 * Threading: one thread.
 */
final class FunctionPackage implements AutoCloseable {
    /** What the jars in {@code lib/} may come to when unpacked; keeps a zip bomb off the disk. */
    static final long MAX_UNPACKED_BYTES = 512L * 1024 * 1024;

    static final int MAX_NESTED_JARS = 1_000;

    private static final Pattern NESTED_JAR = Pattern.compile("lib/[^/]+\\.jar");

    private final Path file;
    private final Optional<Path> unpacked;
    private final List<URL> urls;

    private FunctionPackage(Path file, Optional<Path> unpacked, List<URL> urls) {
        this.file = file;
        this.unpacked = unpacked;
        this.urls = urls;
    }

    /**
     * Opens a package.
     *
     * @param scratch folder below which nested jars are unpacked; made if it is missing
     */
    static FunctionPackage open(Path file, Path scratch) {
        if (!Files.isRegularFile(file)) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "function package '" + file + "' is not there, or is not a file");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<URL> urls = new ArrayList<>(List.of(urlOf(file)));
            List<? extends ZipEntry> nested =
                    zip.stream().filter(e -> NESTED_JAR.matcher(e.getName()).matches()).toList();
            if (nested.isEmpty()) {
                return new FunctionPackage(file, Optional.empty(), urls);
            }
            Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "lib-");
            FunctionPackage opened = new FunctionPackage(file, Optional.of(folder), urls);
            try {
                opened.unpack(zip, nested, folder);
            } catch (IOException | RuntimeException failed) {
                opened.close();
                throw failed;
            }
            return opened;
        } catch (ZipException notAZip) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "function package '" + file + "' is not a jar or zip: " + notAZip.getMessage(),
                    notAZip);
        } catch (IOException failed) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "function package '" + file + "' cannot be read: " + failed,
                    failed);
        }
    }

    /** The class path of this JVM in place of a package, for functions under test. */
    static FunctionPackage ofClassPath() {
        List<URL> urls = new ArrayList<>();
        String classPath = System.getProperty("java.class.path");
        try {
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                urls.add(urlOf(Path.of(entry)));
            }
        } catch (MalformedURLException e) {
            throw MillraceException.invalid("class path", classPath, "files and folders");
        }
        return new FunctionPackage(Path.of("class path"), Optional.empty(), urls);
    }

    private void unpack(ZipFile zip, List<? extends ZipEntry> nested, Path folder)
            throws IOException {
        if (nested.size() > MAX_NESTED_JARS) {
            throw tooLarge(nested.size() + " jars in lib/", MAX_NESTED_JARS + " jars");
        }
        long left = MAX_UNPACKED_BYTES;
        for (ZipEntry entry : nested) {
            // Only the last part of the name is used, so that no entry leaves the folder.
            Path target = folder.resolve(entry.getName().substring("lib/".length()));
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = Files.newOutputStream(target)) {
                left -= copy(in, out, left);
            }
            urls.add(urlOf(target));
        }
    }

    private long copy(InputStream in, OutputStream out, long limit) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long copied = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            copied += read;
            if (copied > limit) {
                throw tooLarge("more than that unpacked", MAX_UNPACKED_BYTES + " bytes in lib/");
            }
            out.write(buffer, 0, read);
        }
        return copied;
    }

    private MillraceException tooLarge(String found, String allowed) {
        return MillraceException.invalid("function package '" + file + "' with", found, allowed);
    }

    /** The package's own file first, then its nested jars. */
    URL[] urls() {
        return urls.toArray(URL[]::new);
    }

    Path file() {
        return file;
    }

    /** Classes of the package itself whose constant pool names one of these classes. */
    List<String> classesNaming(List<String> binaryNames, int max) {
        List<String> needles = binaryNames.stream().map(n -> n.replace('.', '/')).toList();
        try (ZipFile zip = new ZipFile(file.toFile());
                Stream<? extends ZipEntry> entries = zip.stream()) {
            return entries.filter(entry -> entry.getName().endsWith(".class"))
                    .filter(entry -> !entry.getName().startsWith("META-INF/"))
                    .filter(entry -> needles.stream().anyMatch(textOf(zip, entry)::contains))
                    .map(entry -> entry.getName().replace('/', '.'))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .limit(max)
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String textOf(ZipFile zip, ZipEntry entry) {
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static URL urlOf(Path path) throws MalformedURLException {
        return path.toAbsolutePath().toUri().toURL();
    }

    /** Removes what was unpacked. */
    @Override
    public void close() {
        if (unpacked.isEmpty()) {
            return;
        }
        Path folder = unpacked.get();
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.toList()) {
                Files.deleteIfExists(jar);
            }
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            throw new MillraceException(
                    ErrorCode.FAILED, "folder '" + folder + "' cannot be removed: " + left, left);
        }
    }
}
