package io.millrace.it.prove.core;

/**
 * Sources of the functions that the scenarios deploy. An event says by its value what is to become
 * of it: {@code verb:argument:anything}.
 *
 * <p>Both write a line per call into the file that the setting {@code JOURNAL} names: start, end,
 * attempt, partition, offsets, values (cut to 40 characters), bytes; separated by tabs.
 */
final class Functions {
    /** Settings of the functions. */
    static final String JOURNAL = "JOURNAL";

    /** While the file it names exists, nothing succeeds. */
    static final String DOWN = "DOWN";

    /** Which form the answer of a batch has: STREAM, KAFKA or QUEUE. */
    static final String ANSWER = "ANSWER";

    static final String SINGLE = "CoreSingle";
    static final String BATCH = "CoreBatch";

    private static final String COMMON =
            """
            import io.millrace.functions.*;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.stream.*;
            """;

    private static final String WRITE_DOWN =
            """
                static void writeDown(long start, List<String> events, Context context) throws Exception {
                    String journal = context.environment().get("JOURNAL");
                    if (journal == null) return;
                    long bytes = 0;
                    for (String event : events) bytes += event == null ? 0 : event.length();
                    String line = start + "\\t" + System.nanoTime() + "\\t" + context.attempt() + "\\t"
                        + context.source().partition() + "\\t"
                        + context.sources().stream().map(s -> "" + s.offset()).collect(Collectors.joining(",")) + "\\t"
                        + events.stream().map(e -> e == null ? "" : e.substring(0, Math.min(40, e.length())).replace(',', ';').replace('\\t', ' ').replace('\\n', ' '))
                            .collect(Collectors.joining(",")) + "\\t" + bytes + "\\n";
                    Files.writeString(Path.of(journal), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                static void rest(long millis) throws Exception { var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS); }
            """;

    /** Returns the event and, behind an @, the number of the attempt. */
    static final String SINGLE_SOURCE =
            COMMON
                    + """
                    public class CoreSingle implements Handler<String, String> {
                        public String handle(String event, Context context) throws Exception {
                            long start = System.nanoTime();
                            try {
                                return event == null ? "nothing" : run(event, context);
                            } finally {
                                writeDown(start, Collections.singletonList(event), context);
                            }
                        }
                        static String run(String event, Context context) throws Exception {
                            String[] words = event.split(":", 3);
                            String down = context.environment().get("DOWN");
                            if (down != null && Files.exists(Path.of(down))) throw new IllegalStateException("the dependency is down");
                            switch (words[0]) {
                                case "fail" -> { if (context.attempt() <= Integer.parseInt(words[1])) throw new IllegalStateException("no " + event); }
                                case "poison" -> throw new IllegalStateException("no " + event);
                                case "never" -> throw new NonRetryable("never " + event);
                                case "hang" -> rest(60_000);
                                case "slow" -> rest(Long.parseLong(words[1]));
                                case "big" -> { return "x".repeat(Integer.parseInt(words[1])); }
                                default -> {}
                            }
                            return event + "@" + context.attempt();
                        }
                    """
                    + WRITE_DOWN
                    + "}\n";

    /**
     * Returns each event and, behind an @, how many were in its batch; or names those to report.
     */
    static final String BATCH_SOURCE =
            COMMON
                    + """
                    public class CoreBatch implements BatchHandler<String, String> {
                        public BatchResult<String> handle(List<String> events, Context context) throws Exception {
                            long start = System.nanoTime();
                            try {
                                return run(events, context);
                            } finally {
                                writeDown(start, events, context);
                            }
                        }
                        static BatchResult<String> run(List<String> events, Context context) throws Exception {
                            for (String event : events) if (event.startsWith("poison")) throw new IllegalStateException("no " + event);
                            String form = context.environment().get("ANSWER");
                            if (form == null) return BatchResult.of(events.stream().map(e -> (e.length() > 100 ? "long" : e) + "@" + events.size()).toList());
                            String items = IntStream.range(0, events.size()).filter(i -> reported(events.get(i), context))
                                .mapToObj(i -> "{\\"itemIdentifier\\":" + name(form, context.sources().get(i)) + "}").collect(Collectors.joining(","));
                            return BatchResult.ofResponse("{\\"batchItemFailures\\":[" + items + "]}");
                        }
                        static boolean reported(String event, Context context) {
                            return event.startsWith("report:") || event.startsWith("once:") && context.attempt() == 1;
                        }
                        static String name(String form, Source source) {
                            return switch (form) {
                                case "STREAM" -> "\\"" + String.format("%020d", source.offset()) + "\\"";
                                case "KAFKA" -> "{\\"partition\\":\\"" + source.topic() + "-" + source.partition() + "\\",\\"offset\\":" + source.offset() + "}";
                                default -> "\\"" + source.topic() + "-" + source.partition() + "-" + source.offset() + "\\"";
                            };
                        }
                    """
                    + WRITE_DOWN
                    + "}\n";

    private Functions() {}
}
