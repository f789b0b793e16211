package io.millrace.engine.cli;

import io.millrace.engine.deploy.SourceFile;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

/** The source a command works on: by its name, or by its file. */
final class SourceName {
    private static final Path NONE = Path.of("");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the source.")
    private String name = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "JSON file of the source, instead of its name.")
    private Path file = NONE;

    String get() {
        if (name.isEmpty() == file.equals(NONE)) {
            throw new MillraceException(
                    ErrorCode.INVALID, "say which source: either its name or -f FILE, not both");
        }
        return name.isEmpty() ? SourceFile.read(file).name() : name;
    }
}
