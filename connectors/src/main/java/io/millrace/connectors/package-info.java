/** What every plugin of this archive shares. Knows no connector. */
@NullMarked
package io.millrace.connectors;

import org.jspecify.annotations.NullMarked;
