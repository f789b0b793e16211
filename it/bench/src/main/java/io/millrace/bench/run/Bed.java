package io.millrace.bench.run;

import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.bench.arm.ArmHost;
import io.millrace.bench.arm.ArmKind;
import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.plan.Contender;
import io.millrace.bench.plan.Workload;
import io.millrace.bench.process.BrokerHost;
import io.millrace.bench.process.ChildJvm;
import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The broker and the JVMs of the arms of one run. An arm's JVM lives as long as the run, so that
 * its code is warm. Threading: one thread.
 */
public final class Bed implements AutoCloseable {
    /** What the script that starts the product gives its JVM. */
    public static final List<String> ARM_OPTIONS =
            List.of("-Xmx1g", "-XX:+UseSerialGC", "-Djdk.virtualThreadScheduler.parallelism=16");

    /** Kafka's own choice of collector. */
    public static final List<String> BROKER_OPTIONS = List.of("-Xmx1g", "-XX:+UseG1GC");

    private final Path folder;
    private final Path logs;
    private final List<String> moreArmOptions;
    private final ChildJvm broker;
    private final String bootstrapServers;
    private final String registryUrl;
    private final Topics topics;
    private final TimeSource time = new SystemTimeSource();
    private final Map<ArmKind, ChildJvm> arms = new EnumMap<>(ArmKind.class);
    private int cells;

    private Bed(
            Path folder,
            Path logs,
            List<String> moreArmOptions,
            ChildJvm broker,
            String addresses) {
        this.folder = folder;
        this.logs = logs;
        this.moreArmOptions = moreArmOptions;
        this.broker = broker;
        String[] parts = addresses.split(" ", -1);
        this.bootstrapServers = parts[0];
        this.registryUrl = parts[1];
        this.topics = new Topics(bootstrapServers);
    }

    /**
     * Starts the broker.
     *
     * @param folder empty; is not removed
     * @param logs an existing folder for what the processes say on standard error
     * @param moreArmOptions of the arms' JVMs, for a profile
     */
    public static Bed make(Path folder, Path logs, List<String> moreArmOptions) throws IOException {
        ChildJvm broker =
                ChildJvm.start(
                        BROKER_OPTIONS,
                        BrokerHost.class,
                        List.of(folder.resolve("kafka").toString()),
                        logs.resolve("broker.log"));
        try {
            return new Bed(folder, logs, moreArmOptions, broker, broker.readLine());
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    Topics topics() {
        return topics;
    }

    ChildJvm broker() {
        return broker;
    }

    /** The task of the next cell, with names that were never used before. */
    ArmTask task(Workload workload, Contender contender, String input) throws IOException {
        String name = "cell" + cells++;
        HandlerWork work = contender.work(workload);
        if (workload.isAudited()) {
            work = work.audited(workload.recipe().events(), workload.recipe().keys());
        }
        return new ArmTask(
                contender.arm(),
                bootstrapServers,
                registryUrl,
                input.isEmpty() ? name + "-in" : input,
                name + "-out",
                name,
                work.text(),
                Files.createDirectories(folder.resolve(name)).toString(),
                contender.settings());
    }

    /** The same with topics of its own, for input, too, and makes them. */
    ArmTask taskWithInput(Workload workload, Contender contender)
            throws IOException, InterruptedException {
        ArmTask task = task(workload, contender, "");
        topics.create(task.input(), workload.recipe().partitions());
        topics.create(task.output(), workload.recipe().partitions());
        return task;
    }

    /** A folder of another member of the task's group. */
    String folder(ArmTask task, String member) throws IOException {
        return Files.createDirectories(folder.resolve(task.group() + "-" + member)).toString();
    }

    /** How far the arm says that it is, of each partition of its input. */
    long[] committed(ArmTask task, Workload workload) throws InterruptedException {
        int partitions = workload.recipe().partitions();
        return task.arm() == ArmKind.SHARE
                ? topics.committedByShareGroup(task.group(), task.input(), partitions)
                : topics.committed(task.consumerGroup(), task.input(), partitions);
    }

    /** Gives an arm time. */
    void settle(Duration duration) {
        long until = time.nanos() + duration.toNanos();
        long left = duration.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = until - time.nanos();
        }
    }

    /** Starts the task in a JVM of its own, which the caller ends. */
    ChildJvm start(Contender contender, ArmTask task) throws IOException {
        ChildJvm jvm = newJvm(contender);
        try {
            start(jvm, task);
            return jvm;
        } catch (IOException | RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    private ChildJvm newJvm(Contender contender) throws IOException {
        var options = new ArrayList<>(ARM_OPTIONS);
        options.addAll(moreArmOptions);
        return ChildJvm.start(
                options, ArmHost.class, List.of(), logs.resolve("arm-" + contender.arm() + ".log"));
    }

    String registryUrl() {
        return registryUrl;
    }

    /** Whether the JVM of this contender has yet to be started. */
    boolean isFresh(Contender contender) {
        return !arms.containsKey(contender.arm());
    }

    /** The JVM of this contender; those of one kind share it. */
    ChildJvm jvm(Contender contender) throws IOException {
        ChildJvm found = arms.get(contender.arm());
        if (found == null) {
            found = newJvm(contender);
            arms.put(contender.arm(), found);
        }
        return found;
    }

    /** Starts the task in the contender's JVM. */
    void start(ChildJvm jvm, ArmTask task) throws IOException {
        jvm.call(JsonMapper.builder().build().writeValueAsString(task));
    }

    /** Ends the JVM of one contender, after it failed. */
    void discard(Contender contender) {
        ChildJvm jvm = arms.remove(contender.arm());
        if (jvm != null) {
            jvm.close();
        }
    }

    /** Ends the JVMs of all arms. */
    public void endArms() {
        arms.values().forEach(ChildJvm::close);
        arms.clear();
    }

    @Override
    public void close() {
        endArms();
        topics.close();
        broker.close();
    }
}
