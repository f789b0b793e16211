package io.millrace.engine.model;

/** An event whose value has been decoded; the raw one stays at hand for dead letters and keys. */
public record Event(RawEvent raw, DecodedValue value) {}
