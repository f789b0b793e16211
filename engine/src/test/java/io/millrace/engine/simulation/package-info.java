/**
 * Random schedules of delivery, one thread, every choice from a seed: events arrive with gaps,
 * handlers are slow and fail, transactions are aborted, and the process dies between any two steps.
 *
 * <p>Real are the delivery machine, lanes, offset tracker, codec, dispatch limit and the wrapped
 * clients; simulated are the broker, the threads and the clock.
 */
@NullMarked
package io.millrace.engine.simulation;

import org.jspecify.annotations.NullMarked;
