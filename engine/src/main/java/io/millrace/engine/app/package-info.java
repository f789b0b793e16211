/** An engine node: starts, supervises and stops the applications of all triggers. */
@NullMarked
package io.millrace.engine.app;

import org.jspecify.annotations.NullMarked;
