package io.millrace.engine.operations;

/** Told in words how far a long operation has come. Called on the thread that does the work. */
@FunctionalInterface
public interface Progress {
    void tell(String line);

    /** For whoever does not want to know. */
    static Progress silent() {
        return _ -> {};
    }
}
