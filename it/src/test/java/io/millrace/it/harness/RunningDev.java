package io.millrace.it.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@code millrace dev} on free ports, as a child process. */
public final class RunningDev implements AutoCloseable {
    private static final Duration UP = Duration.ofMinutes(2);

    private final ChildProcess process;
    private final DevAddresses addresses;

    private RunningDev(ChildProcess process, DevAddresses addresses) {
        this.process = process;
        this.addresses = addresses;
    }

    /**
     * Starts it and waits until it is up; IllegalStateException with its output when it is not.
     *
     * @param output an existing folder for what it prints
     */
    public static RunningDev start(Launcher launcher, Path output, Path data, Path... manifests) {
        List<String> command = new ArrayList<>(List.of("dev", "--data", data.toString()));
        for (String port : List.of("kafka", "registry", "connect", "s3")) {
            command.addAll(List.of("--" + port + "-port", "0"));
        }
        for (Path manifest : manifests) {
            command.add(manifest.toString());
        }
        ChildProcess process = launcher.start(output, command.toArray(String[]::new));
        try {
            if (!process.awaitLine(line -> line.contains("Ctrl-C ends it."), UP)) {
                throw new IllegalStateException(
                        "millrace dev did not come up: "
                                + String.join(" / ", process.out())
                                + String.join(" / ", process.err()));
            }
            return new RunningDev(process, DevAddresses.of(process.out()));
        } catch (IllegalStateException e) {
            process.close();
            throw e;
        }
    }

    public ChildProcess process() {
        return process;
    }

    public DevAddresses addresses() {
        return addresses;
    }

    @Override
    public void close() {
        process.close();
    }
}
