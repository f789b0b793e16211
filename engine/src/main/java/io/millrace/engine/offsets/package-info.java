/**
 * What has been finished, and how it is committed: the low-water mark and the finished set of each
 * partition, and the wrapped clients that write both in the transaction of the results.
 *
 * <p>Knows no room.
 */
@NullMarked
package io.millrace.engine.offsets;

import org.jspecify.annotations.NullMarked;
