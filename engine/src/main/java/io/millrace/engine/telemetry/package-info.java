/** Names of all metrics, and how they are read. */
@NullMarked
package io.millrace.engine.telemetry;

import org.jspecify.annotations.NullMarked;
