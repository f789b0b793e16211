package io.millrace.engine.execute;

/** One turn of a lane on a pool thread; must not throw. */
public interface PooledWork {
    void run();
}
