/**
 * The demonstration, judged from outside: own consumers, an own client of the object store, and
 * checks that know nothing of how the demonstration counts. In: addresses that {@code millrace dev}
 * tells, pictures. Out: a survey of topics and buckets, checks on it.
 */
@NullMarked
package io.millrace.it.prove.demo;

import org.jspecify.annotations.NullMarked;
