/**
 * The shell around the plan of delivery: one Kafka Streams topology per trigger. Start reading at
 * {@code InvocationTopology}.
 *
 * <pre>
 * init        takes the open epoch; nothing of an earlier life survives
 * process     settled before: skipped. Otherwise the event is admitted and put into its lane, and only
 *             then the reports that wait are applied
 * punctuate   applies reports, starts retries that are due, asks for a commit
 * apply       epoch closed: dropped. Otherwise decided, sizes checked, then in one go: forwarded,
 *             metered, finished
 * close       ends the epoch: nothing is forwarded, nothing is waited for
 * </pre>
 *
 * <p>Everything here runs on the stream thread, which never waits for a handler.
 */
@NullMarked
package io.millrace.engine.topology;

import org.jspecify.annotations.NullMarked;
