package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.QueueClient;
import io.millrace.connectors.queue.QueueException;
import io.millrace.connectors.queue.ReceivedMessage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A connection to one queue.
 *
 * <p>Some threads ask for messages, so that the next are there when a transaction is done; {@link
 * SqsDeletions} and {@link SqsLeases} have the others. There are never more messages received and
 * not deleted than {@code queue.in.flight.max}. What one request brings stays together, so that the
 * order within a message group holds.
 *
 * <p>A failure stops the threads until the task has heard of it and asks again. Threading: the
 * task's thread.
 */
final class SqsQueueClient implements QueueClient<SqsReceipt> {
    private static final Logger LOG = LoggerFactory.getLogger(SqsQueueClient.class);
    private static final int MOST_PER_REQUEST = 10;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final SqsClient client;
    private final SqsFailures failures;
    private final InstantSource clock;
    private final ReceiveMessageRequest request;
    private final Semaphore room;
    private final LinkedBlockingQueue<ReceivedMessage<SqsReceipt>> buffer =
            new LinkedBlockingQueue<>();
    private final Semaphore goOn = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService receivers;
    private final SqsLeases leases;
    private final SqsDeletions deletions;
    private volatile @Nullable QueueException failure;

    SqsQueueClient(
            SqsSourceConfig config,
            String queue,
            SqsClient client,
            String url,
            InstantSource clock) {
        this.client = client;
        this.failures = new SqsFailures(config, queue);
        this.clock = clock;
        this.request =
                ReceiveMessageRequest.builder()
                        .queueUrl(url)
                        .waitTimeSeconds(config.waitSeconds())
                        .visibilityTimeout(config.visibilitySeconds())
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All")
                        .build();
        this.room = new Semaphore(config.common().maxInFlight());
        this.receivers =
                Executors.newFixedThreadPool(config.receivers(), threads("sqs-receive-" + queue));
        this.leases =
                new SqsLeases(
                        client,
                        url,
                        config.visibilitySeconds(),
                        clock,
                        threads("sqs-lease-" + queue));
        this.deletions =
                new SqsDeletions(
                        client,
                        url,
                        config.receivers(),
                        threads("sqs-delete-" + queue),
                        this::gone);
        for (int i = 0; i < config.receivers(); i++) {
            receivers.execute(this::receive);
        }
    }

    @Override
    public List<ReceivedMessage<SqsReceipt>> receive(int max, Duration wait)
            throws InterruptedException {
        if (failure != null) {
            goOn.release(1);
        }
        List<ReceivedMessage<SqsReceipt>> messages = new ArrayList<>();
        ReceivedMessage<SqsReceipt> first = buffer.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            messages.add(first);
            buffer.drainTo(messages, max - 1);
            return messages;
        }
        QueueException current = failure;
        if (current != null) {
            throw current;
        }
        return messages;
    }

    @Override
    public int acknowledge(List<SqsReceipt> receipts) {
        deletions.add(receipts);
        return deletions.failed();
    }

    /** Receipts stay valid; the threads go on. */
    @Override
    public boolean isUsable() {
        return true;
    }

    @Override
    public long extensions() {
        return leases.extensions();
    }

    @Override
    public void close() {
        closing.countDown();
        receivers.shutdownNow();
        deletions.close(CLOSING);
        leases.close(CLOSING);
        client.close();
    }

    private void gone(List<SqsReceipt> receipts) {
        leases.remove(receipts);
        room.release(receipts.size());
    }

    /** A receiver's work until the end. */
    private void receive() {
        try {
            while (closing.getCount() > 0) {
                room.acquire();
                int more = 0;
                while (more < MOST_PER_REQUEST - 1 && room.tryAcquire()) {
                    more++;
                }
                receive(1 + more);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(int most) throws InterruptedException {
        int unused = most;
        try {
            Instant asked = clock.instant();
            List<Message> messages =
                    client.receiveMessage(request.toBuilder().maxNumberOfMessages(most).build())
                            .messages();
            unused = most - messages.size();
            failure = null;
            accept(messages, asked);
        } catch (SdkException e) {
            if (closing.getCount() > 0) {
                failed(failures.of(e));
            }
        } catch (RuntimeException e) {
            LOG.error("Messages could not be taken over", e);
            failed(QueueException.passing("Messages could not be taken over: " + e, e));
        } finally {
            room.release(unused);
        }
    }

    private void accept(List<Message> messages, Instant asked) {
        List<ReceivedMessage<SqsReceipt>> received = new ArrayList<>(messages.size());
        for (Message message : messages) {
            SqsReceipt receipt = new SqsReceipt(message.receiptHandle(), asked);
            received.add(SqsMessages.received(message, receipt));
            leases.add(receipt);
        }
        // In one piece: the messages of a group are in order, and no other request has some.
        synchronized (buffer) {
            buffer.addAll(received);
        }
    }

    private void failed(QueueException problem) throws InterruptedException {
        failure = problem;
        goOn.acquire();
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
