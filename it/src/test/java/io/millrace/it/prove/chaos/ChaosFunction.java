package io.millrace.it.prove.chaos;

/** The function under fault: it does what its event says and notes start and end in a file. */
final class ChaosFunction {
    static final String CLASS = "Chaos";

    /** Setting of the function: the folder for its notes. */
    static final String NOTES = "NOTES";

    /** More than a topic takes. */
    private static final int LARGE_RESULT_BYTES = 9 * 1024 * 1024;

    /** How long a handler that hangs and hears no interrupt hangs. */
    private static final int DEAF_MILLIS = 8_000;

    /**
     * A note is {@code S run id attempt nanos} or {@code E run nanos word}; each is one write, so
     * that a kill leaves no half of one. The runs of a process have numbers of their own although a
     * trigger that starts again loads the function again: hence the clock.
     */
    static final String SOURCE =
            """
            import io.millrace.functions.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.util.concurrent.*;
            import java.util.concurrent.atomic.*;
            public class Chaos implements Handler<String, String> {
                private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());
                private static final AtomicReference<OutputStream> NOTES = new AtomicReference<>();

                public String handle(String event, Context context) throws Exception {
                    String id = field(event, "id");
                    long run = RUNS.incrementAndGet();
                    note(context, "S " + run + " " + id + " " + context.attempt() + " " + System.nanoTime());
                    String word = "failed";
                    try {
                        String result = act(field(event, "kind"), Long.parseLong(field(event, "millis")), id, context);
                        word = "ok";
                        return result;
                    } catch (InterruptedException e) {
                        word = "interrupted";
                        throw e;
                    } finally {
                        note(context, "E " + run + " " + System.nanoTime() + " " + word);
                    }
                }

                private static String act(String kind, long millis, String id, Context context) throws Exception {
                    if (kind.equals("hanging")) hang(id.hashCode() %% 2 == 0);
                    if (millis > 0) new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
                    if (kind.equals("flaky") && context.attempt() == 1) throw new IllegalStateException("the first time");
                    if (kind.endsWith("poison")) throw new IllegalStateException("always");
                    if (kind.equals("hopeless")) throw new NonRetryable("never");
                    if (kind.equals("large_result")) return "x".repeat(%d);
                    return id;
                }

                private static void hang(boolean deaf) throws InterruptedException {
                    long until = System.nanoTime() + %d * 1_000_000L;
                    while (true) {
                        try {
                            new CountDownLatch(1).await(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                            throw new IllegalStateException("hung");
                        } catch (InterruptedException e) {
                            if (!deaf) throw e;
                        }
                    }
                }

                private static void note(Context context, String line) throws IOException {
                    OutputStream notes = NOTES.get();
                    if (notes == null) {
                        synchronized (RUNS) {
                            notes = NOTES.get();
                            if (notes == null) {
                                File file = new File(context.environment().get("NOTES"),
                                        context.trigger() + "-" + ProcessHandle.current().pid() + ".txt");
                                notes = new FileOutputStream(file, true);
                                NOTES.set(notes);
                            }
                        }
                    }
                    notes.write((line + "\\n").getBytes(StandardCharsets.UTF_8));
                }

                private static String field(String event, String name) {
                    String mark = "\\"" + name + "\\":\\"";
                    int from = event.indexOf(mark) + mark.length();
                    return event.substring(from, event.indexOf('"', from));
                }
            }
            """
                    .formatted(LARGE_RESULT_BYTES, DEAF_MILLIS);

    private ChaosFunction() {}
}
