/**
 * Makes thumbnails of the pictures that are put into a bucket.
 *
 * <p>In: events of an object store. Out: a small JPEG in another bucket and a record of it. Must
 * not be here: anything of the engine.
 */
@NullMarked
package io.millrace.examples.thumbnail;

import org.jspecify.annotations.NullMarked;
