package io.millrace.connectors.sqs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps received messages hidden from others while they are not deleted, and shows them again at
 * the end. Threading: any thread.
 */
final class SqsLeases {
    private static final Logger LOG = LoggerFactory.getLogger(SqsLeases.class);
    private static final int MOST_PER_REQUEST = 10;

    private final SqsClient client;
    private final String url;
    private final int seconds;
    private final InstantSource clock;
    private final Set<SqsReceipt> held = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService keeper;
    private final Future<?> round;
    private final AtomicLong extensions = new AtomicLong();

    SqsLeases(
            SqsClient client, String url, int seconds, InstantSource clock, ThreadFactory threads) {
        this.client = client;
        this.url = url;
        this.seconds = seconds;
        this.clock = clock;
        this.keeper = Executors.newSingleThreadScheduledExecutor(threads);
        long pause = Duration.ofSeconds(seconds).dividedBy(6).toMillis();
        this.round =
                keeper.scheduleWithFixedDelay(this::extend, pause, pause, TimeUnit.MILLISECONDS);
    }

    void add(SqsReceipt receipt) {
        held.add(receipt);
    }

    void remove(Collection<SqsReceipt> receipts) {
        receipts.forEach(held::remove);
    }

    long extensions() {
        return extensions.get();
    }

    /** Ends, and lets others have what is held, for a bounded time. */
    void close(Duration limit) {
        round.cancel(false);
        keeper.execute(() -> change(List.copyOf(held), 0));
        keeper.shutdown();
        try {
            if (!keeper.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                keeper.shutdownNow();
            }
        } catch (InterruptedException e) {
            keeper.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void extend() {
        Instant now = clock.instant();
        Duration third = Duration.ofSeconds(seconds).dividedBy(3);
        List<SqsReceipt> due =
                held.stream()
                        .filter(each ->
                                Duration.between(each.leasedAt(), now).abs().compareTo(third) > 0)
                        .toList();
        change(due, seconds);
    }

    private void change(List<SqsReceipt> receipts, int visibility) {
        for (int from = 0; from < receipts.size(); from += MOST_PER_REQUEST) {
            List<SqsReceipt> batch =
                    receipts.subList(from, Math.min(from + MOST_PER_REQUEST, receipts.size()));
            Instant now = clock.instant();
            try {
                List<BatchResultErrorEntry> errors =
                        client.changeMessageVisibilityBatch(request ->
                                        request.queueUrl(url).entries(entries(batch, visibility)))
                                .failed();
                batch.forEach(each -> each.leasedAt(now));
                extensions.addAndGet(batch.size() - errors.size());
                // Not held any more: deleted meanwhile, or twelve hours have passed.
                errors.stream()
                        .filter(error -> Boolean.TRUE.equals(error.senderFault()))
                        .forEach(error -> held.remove(batch.get(Integer.parseInt(error.id()))));
            } catch (SdkException e) {
                LOG.debug("The leases of {} messages could not be changed", batch.size(), e);
                return;
            }
        }
    }

    private static List<ChangeMessageVisibilityBatchRequestEntry> entries(
            List<SqsReceipt> batch, int visibility) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            entries.add(
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(batch.get(i).handle())
                            .visibilityTimeout(visibility)
                            .build());
        }
        return entries;
    }
}
