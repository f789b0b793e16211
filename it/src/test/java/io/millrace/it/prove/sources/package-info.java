/**
 * The proof of the sources: real servers, a stock distributed Connect worker that loads the plugin
 * archive and is killed while it works, and judges of what is in the topics afterwards.
 *
 * <p>In: {@link io.millrace.it.prove.sources.SourceScenario}s, each with a {@link
 * io.millrace.it.prove.sources.SourceBed}. Out: checks, figures and notes. A judge sees only what
 * was read before; it must not talk to a server.
 */
@NullMarked
package io.millrace.it.prove.sources;

import org.jspecify.annotations.NullMarked;
