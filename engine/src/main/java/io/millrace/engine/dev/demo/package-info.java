/**
 * The demonstration: pictures go into a bucket, thumbnails come out, and everything that is told
 * about it is read back from topics and buckets. In: a running environment and pictures. Out:
 * lines, a table, and what is missing. Must not ask the engine about its inner state.
 */
@NullMarked
package io.millrace.engine.dev.demo;

import org.jspecify.annotations.NullMarked;
