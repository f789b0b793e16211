/** Real servers and real functions for tests. */
@NullMarked
package io.millrace.it.harness;

import org.jspecify.annotations.NullMarked;
