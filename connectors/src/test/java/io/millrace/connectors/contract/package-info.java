/** Fakes of the Connect worker and the suite that every source task passes. */
@NullMarked
package io.millrace.connectors.contract;

import org.jspecify.annotations.NullMarked;
