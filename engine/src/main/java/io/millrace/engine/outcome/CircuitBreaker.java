package io.millrace.engine.outcome;

import io.millrace.engine.model.LoadPolicy;

import java.util.BitSet;
import java.util.Optional;

/**
 * Pauses a trigger whose attempts fail, so that an outage of what the function needs does not empty
 * the topic into the dead letters.
 *
 * <p>Closed, it watches the latest attempts. Open, nothing is started and no failure counts. After
 * the pause one attempt is let through: if it succeeds the breaker closes, else it stays open for
 * another pause. Threading: one thread, but {@link #isOpen} and {@link #reason} by any. No clock:
 * times come in.
 */
public final class CircuitBreaker {
    private final Optional<LoadPolicy.Breaker> rule;
    private final BitSet failed = new BitSet();
    private int seen;
    private int failures;
    private volatile boolean open;
    private boolean probing;
    private long probeAt;
    private volatile String cause = "";

    public CircuitBreaker(Optional<LoadPolicy.Breaker> rule) {
        this.rule = rule;
    }

    /** An attempt came to its end. */
    public void attempted(boolean success, String failure, long now) {
        if (rule.isEmpty()) {
            return;
        }
        if (open) {
            decideProbe(rule.get(), success, failure, now);
            return;
        }
        int slot = seen % rule.get().attempts();
        if (seen >= rule.get().attempts() && failed.get(slot)) {
            failures--;
        }
        failed.set(slot, !success);
        failures += success ? 0 : 1;
        seen++;
        boolean enough = seen >= rule.get().attempts();
        if (enough
                && failures * 100L >= (long) rule.get().failedPercent() * rule.get().attempts()) {
            open(rule.get(), failure, now);
        }
    }

    private void decideProbe(
            LoadPolicy.Breaker breaker, boolean success, String failure, long now) {
        if (success && probing) {
            open = false;
            probing = false;
        } else if (!success) {
            // Attempts that were running when it opened end like this too.
            open(breaker, failure, now);
        }
    }

    private void open(LoadPolicy.Breaker breaker, String failure, long now) {
        probing = false;
        probeAt = now + breaker.pause().toNanos();
        cause = failure;
        open = true;
        failed.clear();
        failures = 0;
        seen = 0;
    }

    public boolean isOpen() {
        return open;
    }

    /**
     * Attempts that may run at the same time: none while open, one when it is time to see whether
     * things are better.
     *
     * @param limit when closed
     */
    public int permits(int limit, long now) {
        if (!open) {
            return limit;
        }
        if (now - probeAt >= 0) {
            probing = true;
        }
        return probing ? Math.min(1, limit) : 0;
    }

    /** Why it is open, in words; empty while closed. */
    public String reason() {
        return open ? "the circuit breaker is open; the latest failure: " + cause : "";
    }
}
