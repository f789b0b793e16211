/**
 * The manifest of a function: what somebody writes to have it deployed.
 *
 * <p>In: a YAML file and the variables of whoever deploys. Out: a checked {@link
 * io.millrace.engine.manifest.Manifest}, or one message with everything that is wrong. Not here:
 * any call over the network.
 */
@NullMarked
package io.millrace.engine.manifest;

import org.jspecify.annotations.NullMarked;
