package io.millrace.engine.model;

/** Where a new trigger begins in its source topic (STR-1). */
public enum StartingPosition {
    EARLIEST,
    LATEST
}
