package io.millrace.it.harness;

import io.millrace.engine.dev.Installation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The script {@code millrace} of a checkout, started as a user would. */
public final class Launcher {
    private final Path home;
    private final Map<String, String> environment;

    private Launcher(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = Map.copyOf(environment);
    }

    /** That of this checkout, which is built already, on this JDK. */
    public static Launcher ofThisCheckout() {
        return of(Installation.find().home())
                .with("MILLRACE_SKIP_BUILD", "1")
                .with("MILLRACE_JAVA_HOME", System.getProperty("java.home"));
    }

    /** That of some checkout; it builds what is missing. */
    public static Launcher of(Path home) {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        return new Launcher(home, environment);
    }

    public Launcher with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Launcher(home, more);
    }

    /** Without any variables but those given from now on. */
    public Launcher withoutEnvironment() {
        return new Launcher(home, Map.of());
    }

    public Path home() {
        return home;
    }

    /** A command of Millrace; its output goes to files in the folder. */
    public ChildProcess start(Path scratch, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("/bin/bash", home.resolve("millrace").toString()));
        command.addAll(List.of(arguments));
        return ChildProcess.start(scratch, scratch, environment, command);
    }

    /** Another command, in the checkout's folder. */
    public ChildProcess run(Path scratch, String... command) {
        return ChildProcess.start(scratch, home, environment, List.of(command));
    }
}
