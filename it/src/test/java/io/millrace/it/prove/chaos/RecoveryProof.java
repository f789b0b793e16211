package io.millrace.it.prove.chaos;

import io.millrace.engine.time.SystemTimeSource;
import io.millrace.engine.time.TimeSource;
import io.millrace.it.harness.Scratch;
import io.millrace.it.prove.Proof;
import io.millrace.it.prove.ProofOptions;
import io.millrace.it.prove.ProofReport;
import io.millrace.it.prove.chaos.ChaosHistory.Fault;

import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How long output stands still when a node is killed or ends: from the kill, or from the last
 * outcome of a node that ends by itself, to the first new committed outcome. The start of the JVM
 * is part of it.
 */
public final class RecoveryProof implements Proof {
    private static final String TIMES = "--times";
    private static final int PAUSE_MILLIS = 1_000;

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public String summary() {
        return "how long output stands still when a node is killed, ends, or is taken over";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(TIMES, "N", "How often each is done (default: 3)."));
    }

    @Override
    public ProofReport run(ProofOptions options) throws IOException, InterruptedException {
        int times = options.value(TIMES).map(Integer::parseInt).orElse(3);
        try (Scratch scratch = Scratch.make("prove-recovery")) {
            return RecoveryChecks.of(faults(scratch, times));
        }
    }

    private static List<Fault> faults(Scratch scratch, int times)
            throws IOException, InterruptedException {
        TimeSource time = new SystemTimeSource();
        Random random = new Random(1);
        Workload workload = new Workload(ChaosCluster.EVENTS, "k", 80, 400, 100, false, 1);
        List<TopicPartition> outcomes =
                new ArrayList<>(ChaosCluster.partitions(ChaosCluster.RESULTS));
        outcomes.addAll(ChaosCluster.partitions(ChaosCluster.DEAD_LETTERS));
        try (ChaosCluster chaos = ChaosCluster.start(scratch, time);
                Spectator spectator =
                        new Spectator(chaos.cluster().consumer("spectator"), outcomes, time);
                Generator generator =
                        new Generator(
                                chaos.broker().bootstrapServers(),
                                workload,
                                spectator::decidedOf)) {
            FaultDriver driver =
                    new FaultDriver(chaos, generator, spectator, time, random, System.out::println);
            driver.startNode();
            generator.start();
            driver.awaitWork();
            for (FaultKind kind :
                    List.of(
                            FaultKind.KILL_RESTART,
                            FaultKind.TERM_RESTART,
                            FaultKind.KILL_TAKEOVER,
                            FaultKind.TERM_TAKEOVER)) {
                for (int i = 0; i < times; i++) {
                    driver.pause(PAUSE_MILLIS);
                    driver.inject(kind);
                }
            }
            return driver.faults();
        }
    }
}
