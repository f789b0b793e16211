package io.millrace.bench.arm;

/** One way to process events. */
interface Arm {
    /** Starts; events may be processed before this returns. */
    Running start(ArmTask task) throws Exception;

    /** An arm at work. */
    interface Running {
        /** Ends it; what it has said to be done stays done. */
        void stop() throws Exception;
    }
}
