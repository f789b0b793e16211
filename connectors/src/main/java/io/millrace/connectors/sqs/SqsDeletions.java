package io.millrace.connectors.sqs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Deletes messages, ten at a time, on threads of its own. A deletion is tried some times; a message
 * that cannot be deleted comes again and is recognised then. Threading: any thread.
 */
final class SqsDeletions {
    private static final Logger LOG = LoggerFactory.getLogger(SqsDeletions.class);
    private static final int MOST_PER_REQUEST = 10;
    private static final int MOST_TRIES = 5;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final SqsClient client;
    private final String url;
    private final Consumer<List<SqsReceipt>> gone;
    private final ExecutorService workers;
    private final LinkedBlockingQueue<SqsReceipt> waiting = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger failed = new AtomicInteger();

    /**
     * @param gone hears of messages that are deleted or given up
     */
    SqsDeletions(
            SqsClient client,
            String url,
            int number,
            ThreadFactory threads,
            Consumer<List<SqsReceipt>> gone) {
        this.client = client;
        this.url = url;
        this.gone = gone;
        this.workers = Executors.newFixedThreadPool(number, threads);
        for (int i = 0; i < number; i++) {
            workers.execute(this::work);
        }
    }

    void add(List<SqsReceipt> receipts) {
        waiting.addAll(receipts);
    }

    /** How many were given up since the last call. */
    int failed() {
        return failed.getAndSet(0);
    }

    /** Deletes what waits, for a bounded time. */
    void close(Duration limit) {
        closing.countDown();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (closing.getCount() > 0 || !waiting.isEmpty()) {
                SqsReceipt first = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<SqsReceipt> batch = new ArrayList<>(MOST_PER_REQUEST);
                    batch.add(first);
                    waiting.drainTo(batch, MOST_PER_REQUEST - 1);
                    delete(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete(List<SqsReceipt> batch) throws InterruptedException {
        try {
            List<BatchResultErrorEntry> errors =
                    client.deleteMessageBatch(
                                    request -> request.queueUrl(url).entries(entries(batch)))
                            .failed();
            List<SqsReceipt> again = new ArrayList<>();
            errors.stream()
                    .filter(error -> !Boolean.TRUE.equals(error.senderFault()))
                    .forEach(error -> again.add(batch.get(Integer.parseInt(error.id()))));
            // An invalid handle: the lease has ended. It stays invalid.
            failed.addAndGet(errors.size() - again.size());
            List<SqsReceipt> done = new ArrayList<>(batch);
            done.removeAll(again);
            gone.accept(done);
            retry(again);
        } catch (SdkException e) {
            LOG.debug("{} messages could not be deleted", batch.size(), e);
            retry(batch);
            boolean ends = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (ends) {
                LOG.debug("No further tries");
            }
        }
    }

    private void retry(List<SqsReceipt> batch) {
        List<SqsReceipt> given = new ArrayList<>();
        for (SqsReceipt each : batch) {
            if (each.deletion() + 1 < MOST_TRIES) {
                waiting.add(each);
            } else {
                given.add(each);
            }
        }
        failed.addAndGet(given.size());
        gone.accept(given);
    }

    private static List<DeleteMessageBatchRequestEntry> entries(List<SqsReceipt> batch) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            entries.add(
                    DeleteMessageBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(batch.get(i).handle())
                            .build());
        }
        return entries;
    }
}
