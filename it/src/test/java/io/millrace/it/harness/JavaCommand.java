package io.millrace.it.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM with the class path of this one. */
public final class JavaCommand {
    private JavaCommand() {}

    public static List<String> of(List<String> options, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
