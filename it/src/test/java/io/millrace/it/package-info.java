/** Tests against real servers: brokers, registries, object stores. */
@NullMarked
package io.millrace.it;

import org.jspecify.annotations.NullMarked;
