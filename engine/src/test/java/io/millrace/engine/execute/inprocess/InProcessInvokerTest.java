package io.millrace.engine.execute.inprocess;

import static io.millrace.engine.execute.inprocess.InvokerFixture.endsOf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.payload.OutputEncoder;
import io.millrace.engine.time.SystemTimeSource;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

final class InProcessInvokerTest {
    private static final String UPPER =
            """
            public class Upper implements Handler<String, String> {
                public String handle(String event, Context context) {
                    return event.isEmpty() ? null : event.toUpperCase(Locale.ROOT);
                }
            }
            """;

    @TempDir private Path folder;
    private InvokerFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new InvokerFixture(folder);
    }

    @Test
    void shouldReportWhatTheConstructorThrew() {
        assertThatThrownBy(() ->
                        fixture.invoker(
                                "Broken",
                                """
                                public class Broken implements Handler<String, String> {
                                    public Broken() {
                                        throw new IllegalStateException("no BUCKET");
                                    }
                                    public String handle(String event, Context context) {
                                        return event;
                                    }
                                }
                                """))
                .isInstanceOf(MillraceException.class)
                .hasMessage(
                        "constructor of handler class 'fn.Broken' failed:"
                                + " java.lang.IllegalStateException: no BUCKET")
                .satisfies(thrown ->
                        assertThat(((MillraceException) thrown).code())
                                .isEqualTo(ErrorCode.FAILED));
        assertThat(fixture.scratch()).doesNotExist();
    }

    @Test
    void shouldReturnWhatTheHandlerReturnsAndNothingForNull() throws IOException {
        try (InProcessInvoker invoker = fixture.invoker("Upper", UPPER)) {
            // When
            AttemptEnd end = invoker.invoke(fixture.invocation(fixture.texts("hello", "")));

            // Then
            assertThat(endsOf(end)).containsExactly("HELLO", "-");
            assertThat(invoker.isBatch()).isFalse();
        }
    }

    @Test
    void shouldTurnEverythingThatIsThrownIntoData() throws IOException {
        // Given
        String source =
                """
                public class Thrower implements Handler<String, Void> {
                    static class Mute extends RuntimeException {
                        public String getMessage() { throw new IllegalStateException("mute"); }
                    }
                    static int deep(int n) { return deep(n + 1) + 1; }
                    public Void handle(String event, Context context) throws Exception {
                        switch (event) {
                            case "io": throw new java.io.IOException("disk");
                            case "never": throw new NonRetryable("bad picture");
                            case "wrapped":
                                throw new CompletionException(new NonRetryable("bad picture"));
                            case "ring":
                                Exception one = new Exception("one");
                                Exception two = new Exception("two", one);
                                one.initCause(two);
                                throw two;
                            case "mute": throw new Mute();
                            case "deep": deep(0); return null;
                            case "memory": throw new OutOfMemoryError("heap");
                            case "link": throw new NoClassDefFoundError("gone");
                            case "interrupt": throw new InterruptedException("late");
                            default: return null;
                        }
                    }
                }
                """;
        try (InProcessInvoker invoker = fixture.invoker("Thrower", source)) {
            // When, Then
            assertThat(thrown(invoker, "io"))
                    .isEqualTo("attempt FUNCTION_ERROR java.io.IOException");
            assertThat(thrown(invoker, "never"))
                    .isEqualTo("attempt NON_RETRYABLE io.millrace.functions.NonRetryable");
            assertThat(thrown(invoker, "wrapped"))
                    .isEqualTo("attempt NON_RETRYABLE io.millrace.functions.NonRetryable");
            assertThat(thrown(invoker, "ring"))
                    .isEqualTo("attempt FUNCTION_ERROR java.lang.Exception");
            assertThat(thrown(invoker, "mute")).isEqualTo("attempt FUNCTION_ERROR fn.Thrower$Mute");
            assertThat(thrown(invoker, "deep"))
                    .isEqualTo("attempt FUNCTION_ERROR java.lang.StackOverflowError");
            assertThat(thrown(invoker, "memory"))
                    .isEqualTo("attempt ENVIRONMENT_LOST java.lang.OutOfMemoryError");
            assertThat(thrown(invoker, "link"))
                    .isEqualTo("attempt FUNCTION_ERROR java.lang.NoClassDefFoundError");
            assertThat(thrown(invoker, "interrupt"))
                    .isEqualTo("attempt FUNCTION_ERROR java.lang.InterruptedException");
            assertThat(thrown(invoker, "")).isEqualTo("-");
        }
    }

    private String thrown(InProcessInvoker invoker, String event) {
        return endsOf(invoker.invoke(fixture.invocation(InvokerFixture.text(event)))).getFirst();
    }

    @Test
    void shouldNotHandOutEventsBehindAFailedOne() throws IOException {
        // Given
        String source =
                """
                public class Picky implements Handler<Integer, String> {
                    public String handle(Integer event, Context context) {
                        if (event == 2) throw new IllegalArgumentException("two");
                        return "got " + event + " at " + context.source().offset();
                    }
                }
                """;
        try (InProcessInvoker invoker = fixture.invoker("Picky", source)) {
            // When
            AttemptEnd end = invoker.invoke(fixture.invocation(fixture.texts("1", "[", "2", "3")));

            // Then
            assertThat(endsOf(end))
                    .containsExactly(
                            "got 1 at 42",
                            "UNDECODABLE com.fasterxml.jackson.databind.exc.MismatchedInputException",
                            "FUNCTION_ERROR java.lang.IllegalArgumentException",
                            "UNAVAILABLE NotRun");
        }
    }

    @Test
    void shouldTellTheHandlerAboutItsInvocation() throws IOException {
        // Given
        String source =
                """
                public class About implements Handler<byte[], String> {
                    public String handle(byte[] event, Context context) {
                        Source source = context.source();
                        source.key().get()[0] = 'X';
                        context.logger().log(System.Logger.Level.INFO, "took {0} in {", 1);
                        return String.join(" ",
                            context.requestId(), context.functionName(), context.functionVersion(),
                            context.trigger(), "" + context.attempt(), "" + context.memoryMb(),
                            "" + context.remainingTime(), "" + context.environment(),
                            source.topic(), "" + source.partition(), "" + source.offset(),
                            "" + source.timestamp(), source.keyText().get(),
                            source.header("a").flatMap(Source.Header::text).get(),
                            "" + source.headers("a").size(),
                            "" + source.header("b").get().value().isPresent(),
                            "" + source.header("c").isPresent(),
                            Thread.currentThread().getContextClassLoader() == About.class.getClassLoader()
                                ? "own" : "other",
                            context.logger().getName());
                    }
                }
                """;
        try (InProcessInvoker invoker = fixture.invoker("About", source)) {
            ClassLoader before = Thread.currentThread().getContextClassLoader();

            // When
            AttemptEnd end = invoker.invoke(fixture.invocation(InvokerFixture.text("x")));

            // Then
            assertThat(endsOf(end))
                    .containsExactly(
                            "request-1 resize 7 uploads 2 256 PT3S {BUCKET=thumbnails}"
                                    + " uploads 3 42 2023-11-14T22:13:20Z key 2 2 false false own"
                                    + " function.resize");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void shouldKeepTheStaticStateOfTwoVersionsApart() throws IOException {
        // Given
        String source =
                """
                public class Counter implements Handler<String, String> {
                    static int calls;
                    public String handle(String event, Context context) { return "" + ++calls; }
                }
                """;
        try (InProcessInvoker one = fixture.invoker("Counter", source);
                InProcessInvoker two = fixture.invoker("Counter", source)) {
            // When
            String first = thrown(one, "a");
            String second = thrown(one, "b");
            String other = thrown(two, "c");

            // Then
            assertThat(List.of(first, second, other)).containsExactly("1", "2", "1");
        }
    }

    @Test
    void shouldShowNothingOfTheEngineToTheFunction() throws IOException {
        // Given
        String source =
                """
                public class Looker implements Handler<String, String> {
                    public String handle(String event, Context context) throws Exception {
                        try {
                            return "found " + Class.forName(event).getName();
                        } catch (ClassNotFoundException hidden) {
                            return "hidden";
                        }
                    }
                }
                """;
        try (InProcessInvoker invoker = fixture.invoker("Looker", source)) {
            // When, Then
            for (String hidden :
                    List.of(
                            "io.millrace.engine.model.Payload",
                            "io.millrace.schemas.ObjectEvent",
                            "com.fasterxml.jackson.databind.ObjectMapper",
                            "org.slf4j.Logger",
                            "org.apache.kafka.clients.producer.KafkaProducer")) {
                assertThat(thrown(invoker, hidden)).as(hidden).isEqualTo("hidden");
            }
            for (String shared :
                    List.of(
                            "java.sql.Connection",
                            "org.apache.avro.Schema",
                            "com.fasterxml.jackson.annotation.JsonProperty")) {
                assertThat(thrown(invoker, shared)).isEqualTo("found " + shared);
            }
        }
    }

    @Test
    void shouldPreferTheLibrariesThatTheFunctionBrings() throws IOException {
        // Given
        Path library =
                new FunctionJar(folder)
                        .source(
                                "com.fasterxml.jackson.databind",
                                "ObjectMapper",
                                """
                                package com.fasterxml.jackson.databind;
                                public class ObjectMapper {
                                    public static String version() { return "its own"; }
                                }
                                """)
                        .build();
        String source =
                """
                public class Brings implements Handler<String, String> {
                    public String handle(String event, Context context) throws Exception {
                        return (String) Class.forName("com.fasterxml.jackson.databind.ObjectMapper")
                                .getMethod("version").invoke(null);
                    }
                }
                """;
        FunctionJar jar =
                new FunctionJar(folder)
                        .source("Brings", source)
                        .file("lib/jackson.jar", Files.readAllBytes(library));
        try (InProcessInvoker invoker = fixture.invoker("Brings", jar)) {
            // When
            String found = thrown(invoker, "x");

            // Then
            assertThat(found).isEqualTo("its own");
            assertThat(fixture.scratch()).isNotEmptyDirectory();
        }
        assertThat(fixture.scratch()).isEmptyDirectory();
    }

    @Test
    void shouldLetRunningInvocationsEndBeforeItClosesTheHandler()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        // Given
        String source =
                """
                public class Slow implements Handler<String, String>, AutoCloseable {
                    public String handle(String event, Context context) throws Exception {
                        if (!event.equals("x")) return event;
                        System.setProperty("millrace.test.slow", "running");
                        synchronized (System.getProperties()) {
                            while (System.getProperty("millrace.test.slow").equals("running")) {
                                System.getProperties().wait(10);
                            }
                        }
                        return "ended";
                    }
                    public void close() {
                        System.setProperty("millrace.test.slow", "closed");
                    }
                }
                """;
        InProcessInvoker invoker = fixture.invoker("Slow", source);
        CompletableFuture<String> running =
                CompletableFuture.supplyAsync(
                        () -> thrown(invoker, "x"), Thread::startVirtualThread);
        Awaitility.await().until(() -> "running".equals(System.getProperty("millrace.test.slow")));
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(invoker::close, Thread::startVirtualThread);
        Awaitility.await().until(() -> thrown(invoker, "y").contains("EnvironmentClosed"));

        // When
        boolean closedTooEarly = closing.isDone();
        System.setProperty("millrace.test.slow", "go on");

        // Then
        assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
        closing.get(10, TimeUnit.SECONDS);
        assertThat(closedTooEarly).isFalse();
        assertThat(System.clearProperty("millrace.test.slow")).isEqualTo("closed");
        invoker.close();
    }

    @Test
    void shouldNotWaitLongerThanTheTimeoutForAHandlerThatNeverEnds()
            throws IOException, InterruptedException {
        // Given
        String source =
                """
                public class Stuck implements Handler<String, String>, AutoCloseable {
                    public String handle(String event, Context context) throws Exception {
                        System.setProperty("millrace.test.stuck", "running");
                        new CountDownLatch(1).await();
                        return "never";
                    }
                    public void close() {
                        System.setProperty("millrace.test.stuck", "closed");
                    }
                }
                """;
        InProcessInvoker invoker = fixture.timeout(Duration.ofMillis(50)).invoker("Stuck", source);
        Thread stuck = Thread.ofVirtual().start(() -> thrown(invoker, "x"));
        Awaitility.await().until(() -> "running".equals(System.getProperty("millrace.test.stuck")));

        // When
        invoker.close();

        // Then
        assertThat(System.clearProperty("millrace.test.stuck")).isEqualTo("running");
        stuck.interrupt();
        stuck.join();
    }

    @Test
    void shouldLetGoOfTheFunctionsClassesWhenClosed() throws IOException {
        // Given
        WeakReference<ClassLoader> loader = closedLoader();

        // When, Then
        Awaitility.await()
                .untilAsserted(() -> {
                    System.gc();
                    assertThat(loader.get()).isNull();
                });
    }

    private WeakReference<ClassLoader> closedLoader() throws IOException {
        List<ClassLoader> seen = new ArrayList<>();
        String source =
                """
                public class Typed implements Handler<Typed.In, Typed.Out> {
                    public record In(String name) {}
                    public record Out(String name) {}
                    public Out handle(In event, Context context) { return new Out(event.name()); }
                }
                """;
        OutputEncoder encoder =
                new OutputEncoder(
                        "results",
                        (_, _) -> {
                            throw new AssertionError();
                        });
        try (InProcessInvoker invoker =
                InProcessInvoker.create(
                        fixture.spec("Typed"),
                        new FunctionJar(folder).source("Typed", source).build(),
                        fixture.scratch(),
                        value -> {
                            seen.add(value.getClass().getClassLoader());
                            return encoder.encode(value);
                        },
                        new SystemTimeSource())) {
            AttemptEnd end =
                    invoker.invoke(fixture.invocation(InvokerFixture.text("{\"name\":\"a\"}")));
            assertThat(endsOf(end)).containsExactly("{\"name\":\"a\"}");
        }
        return new WeakReference<>(seen.removeFirst());
    }
}
