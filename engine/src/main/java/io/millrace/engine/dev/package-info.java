/**
 * Everything in one process, for {@code millrace dev} and {@code millrace demo}: broker, schema
 * registry, Connect worker, object store. No other package knows the Kafka server or the Connect
 * runtime.
 */
@NullMarked
package io.millrace.engine.dev;

import org.jspecify.annotations.NullMarked;
