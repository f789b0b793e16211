package io.millrace.bench.function;

import io.millrace.functions.Context;
import io.millrace.functions.Handler;

/**
 * The function of the product's arm: its work is the setting {@value #WORK}. With {@value #SILENT}
 * it gives back nothing.
 */
public final class BenchFunction implements Handler<byte[], byte[]> {
    /** Name of the setting. */
    public static final String WORK = "WORK";

    /** Name of another. */
    public static final String SILENT = "SILENT";

    private volatile HandlerWork work = HandlerWork.NOOP;
    private volatile boolean silent;
    private volatile boolean known;

    @Override
    @SuppressWarnings("NullAway") // the contract of a function: nothing to write
    public byte[] handle(byte[] event, Context context) {
        if (!known) {
            work = HandlerWork.parse(context.environment().getOrDefault(WORK, "noop"));
            silent = Boolean.parseBoolean(context.environment().getOrDefault(SILENT, "false"));
            known = true;
        }
        work.run(event);
        return silent ? null : event;
    }
}
