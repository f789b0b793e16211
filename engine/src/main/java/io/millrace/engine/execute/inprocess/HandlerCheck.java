package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is known of a handler before it runs: asked at deployment, so that a wrong name or a package
 * that lacks a library is told to the one who deploys.
 *
 * @param handler class name
 * @param isBatch whether it takes several events at a time
 * @param inputType type of one event, as it is written in Java
 */
public record HandlerCheck(String handler, boolean isBatch, String inputType) {
    /**
     * Loads the class and checks its shape. No code of the function runs: its constructor may need
     * what only the engine can reach.
     *
     * @param codePackage a jar, or a zip with jars in {@code lib/}
     * @param scratch folder for what has to be unpacked; nothing is left in it
     * @throws MillraceException naming the class and what is wrong with it
     */
    public static HandlerCheck verify(String handler, Path codePackage, Path scratch) {
        FunctionPackage code = FunctionPackage.open(codePackage, scratch);
        try (FunctionClassLoader loader = new FunctionClassLoader("check", code)) {
            HandlerClass found = HandlerClass.find(handler, loader, FunctionJson.typesOf(loader));
            return new HandlerCheck(handler, found.isBatch(), found.input().toCanonical());
        } catch (IOException failed) {
            throw new MillraceException(
                    ErrorCode.FAILED,
                    "function package '" + codePackage + "' cannot be closed: " + failed,
                    failed);
        }
    }

    /**
     * Refuses the handler for a trigger that hands it one document for a batch.
     *
     * @throws MillraceException naming the class and what it has to implement
     */
    public void requireSingle() {
        requireSingle(handler, isBatch);
    }

    static void requireSingle(String handler, boolean isBatch) {
        if (isBatch) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "handler class '"
                            + handler
                            + "' implements BatchHandler; a trigger with an event format hands it"
                            + " one document for a batch, for which it has to implement Handler");
        }
    }
}
