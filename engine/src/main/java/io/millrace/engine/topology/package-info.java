/**
 * The shell around the plan: one Kafka Streams topology per trigger. Start reading at {@code
 * InvocationTopology}.
 */
@NullMarked
package io.millrace.engine.topology;

import org.jspecify.annotations.NullMarked;
