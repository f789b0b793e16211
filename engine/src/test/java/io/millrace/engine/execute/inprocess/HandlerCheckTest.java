package io.millrace.engine.execute.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

final class HandlerCheckTest {
    private static final String ECHO =
            """
            public class Echo implements Handler<String, String> {
                public String handle(String event, Context context) { return event; }
            }
            """;

    @TempDir private Path folder;

    @Test
    void shouldListTheHandlersOfThePackageWhenTheClassIsNotInIt() throws IOException {
        // Given
        Path jar =
                new FunctionJar(folder)
                        .source("Echo", ECHO)
                        .source("Other", "public class Other { Handler<String, String> no; }")
                        .build();

        // When, Then
        assertRefused("fn.Eco", jar, ErrorCode.NOT_FOUND)
                .hasMessageContaining("'fn.Eco'")
                .hasMessageContaining("handlers in it: fn.Echo");
    }

    @Test
    void shouldNameThePackageWhenItIsMissingOrNoZip() throws IOException {
        // Given
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a jar at all");

        // When, Then
        assertRefused("fn.Echo", folder.resolve("gone.jar"), ErrorCode.NOT_FOUND)
                .hasMessageContaining("gone.jar");
        assertRefused("fn.Echo", folder, ErrorCode.NOT_FOUND);
        assertRefused("fn.Echo", text, ErrorCode.INVALID)
                .hasMessageContaining("notes.txt' is not a jar or zip");
    }

    @Test
    void shouldRefuseAClassOfTheWrongShape() throws IOException {
        // Given
        Path jar =
                new FunctionJar(folder)
                        .source("Echo", ECHO)
                        .source("Plain", "public class Plain {}")
                        .source(
                                "Args",
                                """
                                public class Args extends Echo {
                                    public Args(String needed) {}
                                }
                                """)
                        .source("Hidden", "class Hidden extends Echo {}")
                        .source("Half", "public abstract class Half extends Echo {}")
                        .source(
                                "Outer",
                                "public class Outer { public class Inner extends Echo {} }")
                        .source(
                                "Both",
                                """
                                public class Both extends Echo
                                        implements BatchHandler<String, String> {
                                    public BatchResult<String> handle(
                                            List<String> events, Context context) {
                                        return BatchResult.allSucceeded();
                                    }
                                }
                                """)
                        .build();

        // When, Then
        assertRefused("fn.Plain", jar, ErrorCode.INVALID)
                .hasMessageContaining("implements neither")
                .hasMessageContaining("fn.Echo");
        assertRefused("fn.Args", jar, ErrorCode.INVALID)
                .hasMessageContaining("no public constructor without parameters");
        assertRefused("fn.Hidden", jar, ErrorCode.INVALID).hasMessageContaining("public class");
        assertRefused("fn.Half", jar, ErrorCode.INVALID).hasMessageContaining("not abstract");
        assertRefused("fn.Outer$Inner", jar, ErrorCode.INVALID)
                .hasMessageContaining("make the nested class static");
        assertRefused("fn.Both", jar, ErrorCode.INVALID).hasMessageContaining("choose one");
    }

    @Test
    void shouldRefuseAHandlerThatDoesNotSayWhatItsEventsAre() throws IOException {
        // Given
        Path jar =
                new FunctionJar(folder)
                        .source(
                                "Open",
                                """
                                public class Open<T> implements Handler<T, String> {
                                    public String handle(T event, Context context) { return ""; }
                                }
                                """)
                        .source(
                                "Raw",
                                "@SuppressWarnings(\"rawtypes\") public class Raw extends Open {}")
                        .build();

        // When, Then
        assertRefused("fn.Open", jar, ErrorCode.INVALID)
                .hasMessageContaining("does not say what its events are");
        assertRefused("fn.Raw", jar, ErrorCode.INVALID)
                .hasMessageContaining("does not say what its events are");
    }

    @Test
    void shouldSayForWhichJavaToCompileWhenTheClassIsTooNew() throws IOException {
        // Given
        Map<String, byte[]> classes = new FunctionJar(folder).source("Echo", ECHO).classes();
        // The eighth byte is the major version of the class file.
        classes.values().forEach(bytes -> bytes[7] = 99);
        Path jar = FunctionJar.pack(folder, classes);

        // When, Then
        assertRefused("fn.Echo", jar, ErrorCode.INVALID)
                .hasMessageContaining("99.0")
                .hasMessageContaining("compile it for Java " + Runtime.version().feature());
    }

    @Test
    void shouldNameTheClassThatThePackageLacks() throws IOException {
        // Given
        Map<String, byte[]> classes =
                new LinkedHashMap<>(
                        new FunctionJar(folder)
                                .source("Echo", ECHO)
                                .source("Child", "public class Child extends Echo {}")
                                .classes());
        classes.remove("fn/Echo.class");
        Path jar = FunctionJar.pack(folder, classes);

        // When, Then
        assertRefused("fn.Child", jar, ErrorCode.INVALID)
                .hasMessageContaining("fn/Echo")
                .hasMessageContaining("must bring every library");
    }

    @Test
    void shouldRefuseJacksonsOwnTreeAsInput() throws IOException {
        // Given
        Path jar =
                new FunctionJar(folder)
                        .source(
                                "com.fasterxml.jackson.databind",
                                "JsonNode",
                                "package com.fasterxml.jackson.databind; public class JsonNode {}")
                        .source(
                                "Tree",
                                """
                                public class Tree implements
                                        Handler<com.fasterxml.jackson.databind.JsonNode, String> {
                                    public String handle(
                                            com.fasterxml.jackson.databind.JsonNode event,
                                            Context context) {
                                        return "";
                                    }
                                }
                                """)
                        .build();

        // When, Then
        assertRefused("fn.Tree", jar, ErrorCode.INVALID)
                .hasMessageContaining("not shared with the engine");
    }

    @Test
    void shouldFindTheInputTypeThroughParentsAndRunNoCode() throws IOException {
        // Given
        Path jar =
                new FunctionJar(folder)
                        .source(
                                "Parent",
                                """
                                public abstract class Parent<A, B> implements BatchHandler<B, A> {
                                    static { if (true) throw new IllegalStateException("ran"); }
                                }
                                """)
                        .source(
                                "Child",
                                """
                                public class Child extends Parent<String, List<Integer>> {
                                    public BatchResult<String> handle(
                                            List<List<Integer>> events, Context context) {
                                        return BatchResult.allSucceeded();
                                    }
                                }
                                """)
                        .build();

        // When
        HandlerCheck check = HandlerCheck.verify("fn.Child", jar, folder.resolve("scratch"));

        // Then
        assertThat(check)
                .isEqualTo(new HandlerCheck("fn.Child", true, "java.util.List<java.lang.Integer>"));
    }

    @Test
    void shouldFindTheHandlerInANestedJarAndLeaveNothingBehind() throws IOException {
        // Given
        Path nested = new FunctionJar(folder).source("Echo", ECHO).build();
        Path zip =
                new FunctionJar(folder)
                        .file("lib/echo.jar", Files.readAllBytes(nested))
                        .file("lib/readme.txt", "hi".getBytes(StandardCharsets.UTF_8))
                        .build();
        Path scratch = folder.resolve("scratch");

        // When
        HandlerCheck check = HandlerCheck.verify("fn.Echo", zip, scratch);

        // Then
        assertThat(check.inputType()).isEqualTo("java.lang.String");
        assertThat(scratch).isEmptyDirectory();
    }

    private AbstractThrowableAssert<?, ?> assertRefused(String handler, Path jar, ErrorCode code) {
        return assertThatThrownBy(
                        () -> HandlerCheck.verify(handler, jar, folder.resolve("scratch")))
                .isInstanceOf(MillraceException.class)
                .satisfies(
                        thrown -> assertThat(((MillraceException) thrown).code()).isEqualTo(code));
    }
}
