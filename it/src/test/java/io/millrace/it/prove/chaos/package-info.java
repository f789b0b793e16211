/**
 * Real faults against real processes: broker and engine nodes are killed, stopped and started while
 * events flow, and everything that was acknowledged is accounted for at the end.
 *
 * <p>What looks (reader, spectator, sampler) and what judges ({@code ChaosChecks}, pure) are apart.
 */
@NullMarked
package io.millrace.it.prove.chaos;

import org.jspecify.annotations.NullMarked;
