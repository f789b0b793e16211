package io.millrace.bench.arm;

import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.bench.function.HandlerAudit;
import io.millrace.bench.function.HandlerWork;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The main class of an arm's JVM: reads a task per line from standard input and starts it; the line
 * {@code stop} ends it. Every line is answered by {@code ok}, or by {@code failed} and why. Ends
 * when the input does, so that it never outlives whoever started it.
 */
public final class ArmHost {
    private ArmHost() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries print must not look like an answer.
        System.setOut(System.err);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Arm.Running running = () -> {};
        Path audit = Path.of("");
        String line = lines.readLine();
        while (line != null) {
            try {
                if (line.equals("stop")) {
                    running.stop();
                    running = () -> {};
                    if (!audit.toString().isEmpty()) {
                        HandlerAudit.present().write(audit);
                    }
                } else {
                    ArmTask task = JsonMapper.builder().build().readValue(line, ArmTask.class);
                    HandlerWork work = task.handler();
                    work.begin();
                    audit = work.isAudited() ? task.auditFile() : Path.of("");
                    running = task.arm().arm().start(task);
                }
                answers.println("ok");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answers.println("failed: interrupted");
            } catch (Exception e) {
                e.printStackTrace(System.err);
                answers.println("failed: " + e);
            }
            line = lines.readLine();
        }
        // Whatever still runs has nobody to report to.
        System.exit(0);
    }
}
