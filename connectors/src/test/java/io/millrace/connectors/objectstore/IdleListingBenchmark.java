package io.millrace.connectors.objectstore;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.source.SourceRecord;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an idle listing of an unchanged bucket costs, against a real S3 server on this machine.
 *
 * <p>Arguments: number of objects, number of listings.
 */
final class IdleListingBenchmark {
    private IdleListingBenchmark() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int objects = Integer.parseInt(args[0]);
        int listings = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("idle-listing");
        try (S3ProxyServer server = new S3ProxyServer(folder);
                S3Client s3 = server.client()) {
            s3.createBucket(request -> request.bucket("bench"));
            server.fill("bench", objects);
            FakeWorker worker = new FakeWorker();
            ObjectStoreSourceTask task = new ObjectStoreSourceTask();
            task.initialize(worker);
            task.start(
                    Map.of(
                            "objectstore.endpoint",
                            server.endpoint(),
                            "objectstore.access.key",
                            S3ProxyServer.ACCESS_KEY,
                            "objectstore.secret.key",
                            S3ProxyServer.SECRET_KEY,
                            "objectstore.bucket",
                            "bench",
                            "objectstore.poll.interval.ms",
                            "10",
                            "topic",
                            "objects"));
            int pages = (objects + 999) / 1000;
            int told = 0;
            for (int i = 0; i < 20 * pages; i++) {
                List<SourceRecord> records = task.poll();
                if (records != null) {
                    worker.deliver(records);
                    told += records.size();
                }
            }
            report(task, worker, pages, listings, told);
            task.stop();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void report(
            ObjectStoreSourceTask task, FakeWorker worker, int pages, int listings, int told)
            throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int reads = worker.reads();
        long cpu = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < listings * pages; i++) {
            if (task.poll() != null) {
                throw new IllegalStateException("The bucket is not unchanged");
            }
        }
        double wallMs = (System.nanoTime() - start) / 1e6 / listings;
        double cpuMs = (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / listings;
        System.out.printf(
                "events before %d, requests per listing %d, offset reads %d, wall %.1f ms, CPU of the"
                        + " task thread %.1f ms per listing%n",
                told, pages, worker.reads() - reads, wallMs, cpuMs);
    }
}
