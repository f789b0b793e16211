package io.millrace.bench.function;

import io.millrace.functions.Context;
import io.millrace.functions.Handler;

/** The function of the product's arm: its work is the setting {@value #WORK}. */
public final class BenchFunction implements Handler<byte[], byte[]> {
    /** Name of the setting. */
    public static final String WORK = "WORK";

    private volatile HandlerWork work = HandlerWork.NOOP;
    private volatile boolean known;

    @Override
    public byte[] handle(byte[] event, Context context) {
        if (!known) {
            work = HandlerWork.parse(context.environment().getOrDefault(WORK, "noop"));
            known = true;
        }
        work.run(event);
        return event;
    }
}
