package io.millrace.engine.model;

import java.util.Optional;

/**
 * The topics that what came of an event is written to.
 *
 * @param results what the function returned
 * @param deadLetters events that failed for good
 * @param onSuccess a second topic for what the function returned, to notify others
 */
public record Destinations(String results, String deadLetters, Optional<String> onSuccess) {}
