package io.millrace.it.harness;

import io.millrace.engine.dev.EmbeddedBroker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker as a process of its own: a folder and a port, then it runs until it is killed. */
final class BrokerMain {
    static final String READY = "broker is ready on ";

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedBroker broker =
                EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        byte[] line = (READY + broker.bootstrapServers() + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(line, 0, line.length);
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
