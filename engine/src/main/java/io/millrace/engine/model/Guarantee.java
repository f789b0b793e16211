package io.millrace.engine.model;

/** What readers of results, dead letters and metering can rely on. */
public enum Guarantee {
    /** Every event has one outcome, visible when its transaction is committed. */
    EXACTLY_ONCE,
    /** Visible as soon as it is written; may be there twice after a crash. */
    AT_LEAST_ONCE
}
