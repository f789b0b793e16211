package io.millrace.it.prove.chaos;

/** What is done to the processes. */
enum FaultKind {
    /** A node is killed with -9 and started again at once with its id and state. */
    KILL_RESTART(15),
    /** A node is killed with -9 and stays away until the others have taken over. */
    KILL_TAKEOVER(15),
    /** A node stands still for longer than its session, is replaced, and goes on. */
    ZOMBIE(15),
    /** A node is told to end and started again at once with its id and state. */
    TERM_RESTART(8),
    /** A node is told to end and stays away until the others have taken over. */
    TERM_TAKEOVER(15),
    /** A node joins; where there are three already, one is told to end and stays away. */
    RESCALE(15),
    /** The broker is killed with -9 and started again; counted from when it answers. */
    BROKER_KILL(10);

    private final double goal;

    FaultKind(double goal) {
        this.goal = goal;
    }

    /** Seconds from the fault to the first new committed outcome of what it hit. */
    double goal() {
        return goal;
    }

    boolean isKill() {
        return this == KILL_RESTART || this == KILL_TAKEOVER || this == BROKER_KILL;
    }
}
