/**
 * Deployment: checked manifests become topics, code, functions, triggers and connectors.
 *
 * <p>In: {@link io.millrace.engine.manifest.Manifest}s. Out: records of the registry and code
 * topics, connectors in Kafka Connect. Everything is checked before anything is changed. Not here:
 * the manifests' syntax, and whatever runs functions.
 */
@NullMarked
package io.millrace.engine.deploy;

import org.jspecify.annotations.NullMarked;
