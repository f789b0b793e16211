package io.millrace.engine.cli;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import picocli.CommandLine.Option;

/** What a command asks for before it destroys something. */
final class Confirmation {
    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do it; without this nothing is changed.")
    private boolean yes;

    /**
     * Whether to do it; false for a dry run.
     *
     * @param what it would do
     * @throws MillraceException neither of the two options was given, or both
     */
    boolean given(String what) {
        if (yes == dryRun) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    what + "; add --yes to do it, or --dry-run to see more, not both");
        }
        return yes;
    }
}
