/**
 * The command line: parses, calls, prints; one clear line and an exit code when something is wrong.
 */
@NullMarked
package io.millrace.engine.cli;

import org.jspecify.annotations.NullMarked;
