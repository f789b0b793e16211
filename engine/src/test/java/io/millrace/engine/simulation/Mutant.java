package io.millrace.engine.simulation;

/**
 * A fault put in on purpose: each must be found by the verifier, or its silence about the real code
 * proves nothing.
 */
enum Mutant {
    NONE(""),
    /** The position of Streams is committed instead of the mark. */
    POSITION_COMMITTED("lost"),
    /** The finished set never reaches the broker. */
    SET_NOT_COMMITTED("twice"),
    /** The first commit of an epoch forgets what an earlier one had finished. */
    RECOVERED_SET_DROPPED("twice"),
    /** A report that comes when its epoch is over is applied in the next one. */
    OLD_EPOCH_ACCEPTED("twice|not unfinished"),
    /** Events of one key are spread over lanes. */
    LANE_KEY_SHUFFLED("order"),
    /** Only the last attempt is metered. */
    METERING_DROPPED("metering"),
    /** An aborted transaction with outcomes does not poison the producer. */
    ABORT_FORGOTTEN("lost"),
    /** An outcome that was applied in part does not poison the producer. */
    HALF_OUTCOME_COMMITTED("twice"),
    /** A partition that Streams leaves out is left out of the commit. */
    LEFT_OUT_PARTITION("twice|unfinished"),
    /** Records of aborted transactions can be read. */
    ABORTED_RECORDS_READ("twice"),
    /** One attempt more than the policy allows. */
    ONE_ATTEMPT_MORE("attempts"),
    /** A lane goes on with the next event after a failed attempt. */
    LANE_NOT_RESTED("order|twice|not unfinished|not in the store"),
    /** How far an event has come does not outlive a crash. */
    NOTES_FORGOTTEN("metering|not in the store"),
    /** An event stays parked though it has its outcome. */
    PARKED_NOT_DELETED("twice|still parked"),
    /** The state of a window is not written in the transaction of its events' offsets. */
    WINDOW_STATE_APART("window"),
    /** The next owner of a partition knows nothing of its open window. */
    WINDOW_DROPPED("window"),
    /** The next owner of a partition does not know which windows are closed. */
    WINDOW_REOPENED("window"),
    /** A final invocation that failed is begun again by the next owner, as if it had not been. */
    WINDOW_ATTEMPTS_FORGOTTEN("metering");

    private final String found;

    Mutant(String found) {
        this.found = found;
    }

    /** What the verifier must say, as alternatives. */
    boolean isFoundBy(String message) {
        for (String alternative : found.split("\\|", -1)) {
            if (message.contains(alternative)) {
                return true;
            }
        }
        return false;
    }
}
