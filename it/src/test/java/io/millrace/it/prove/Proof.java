package io.millrace.it.prove;

import java.util.List;

/** Something about Millrace that can be proven by running it. */
public interface Proof {
    /** What it is called on the command line. */
    String name();

    /** One line for people. */
    String summary();

    /** What may be given beside {@code --json}. */
    List<Option> options();

    /** What may be named on the command line before the options; nothing unless it says so. */
    default List<String> parts() {
        return List.of();
    }

    /**
     * Runs it. What was found wanting is a check that failed; an exception counts as one too. Ends
     * what it started and removes its files in any case.
     */
    ProofReport run(ProofOptions options) throws Exception;

    /**
     * An option of the command line.
     *
     * @param name with its two dashes
     * @param value what follows it, for people; empty for an option that stands alone
     */
    record Option(String name, String value, String help) {}
}
