package io.millrace.connectors.objectstore;

/**
 * An object that was told of.
 *
 * @param state hash of the state in which it was told of, see {@link StateHash}
 */
record KnownObject(ObjectKey key, long state) {}
