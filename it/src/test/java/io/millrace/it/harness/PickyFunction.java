package io.millrace.it.harness;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A function that gives back what it gets, fails for what begins with "bad" until a file of that
 * name is in the folder, and takes four seconds for what begins with "slow".
 */
public final class PickyFunction {
    public static final String HANDLER = "Picky";

    private static final String SOURCE =
            """
            import io.millrace.functions.*;
            public class Picky implements Handler<String, String> {
                public String handle(String event, Context context) throws Exception {
                    if (event.startsWith("bad") && !java.nio.file.Files.exists(java.nio.file.Path.of("FOLDER", event))) {
                        throw new IllegalStateException("not yet");
                    }
                    if (event.startsWith("slow")) {
                        new java.util.concurrent.CountDownLatch(1).await(4, java.util.concurrent.TimeUnit.SECONDS);
                    }
                    return event;
                }
            }
            """;

    private PickyFunction() {}

    public static Path jar(Path folder) throws IOException {
        return FunctionJar.of(folder, HANDLER, SOURCE.replace("FOLDER", folder.toString()));
    }
}
