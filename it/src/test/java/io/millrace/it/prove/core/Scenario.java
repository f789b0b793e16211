package io.millrace.it.prove.core;

import io.millrace.it.prove.Check;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** One thing that the delivery core has to do, tried out. */
public interface Scenario {
    /** Deploys and sends what has to be there before a node is. */
    void prepare(Bed bed) throws IOException, ExecutionException, InterruptedException;

    /** With a node running: goes on, waits, looks and judges. */
    List<Check> judge(Bed bed) throws IOException, ExecutionException, InterruptedException;
}
