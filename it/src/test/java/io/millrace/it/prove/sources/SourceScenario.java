package io.millrace.it.prove.sources;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** One source, tried out. A new one is added to {@link SourcesProof#scenarios}. */
public interface SourceScenario {
    /** What it is called on the command line. */
    String name();

    /** Why it cannot run on this machine, for example a server that is not installed. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /**
     * Starts its server, works on it, looks and judges. What was found goes to the bed. Ends what
     * it started; the bed ends its own.
     */
    void run(SourceBed bed) throws IOException, InterruptedException, ExecutionException;
}
