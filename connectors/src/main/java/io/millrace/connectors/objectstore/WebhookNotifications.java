package io.millrace.connectors.objectstore;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.queue.RepeatWindow;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Notifications that a store posts to a URL.
 *
 * <p>A post is answered with 200 only when everything that came of it is committed; with 503 and
 * {@code Retry-After} when so many are under way that this one has to wait, or when it takes too
 * long. So nothing is lost that the store repeats until it gets a 200. A repeat is recognised by
 * its bytes, within a window that is stored with the events; the repeat of a post that is under way
 * is answered together with it.
 *
 * <p>Threading: a bounded number of the server's own threads waits for the answers; the task thread
 * does the rest.
 */
final class WebhookNotifications implements NotificationTransport {
    private static final int BACKLOG = 1024;

    /** Threads beyond those that wait: they say that there are too many. */
    private static final int REFUSING_THREADS = 4;

    private final NotificationConfig config;
    private final RepeatWindow window;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Semaphore places;
    private final BlockingQueue<Post> posts;
    private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Post(IncomingMessage message, CompletableFuture<Boolean> answer) {}

    /**
     * Listens from here on.
     *
     * @throws StoreException the address is in use or not one of this machine
     */
    WebhookNotifications(NotificationConfig config, RepeatWindow window) {
        this.config = config;
        this.window = window;
        this.places = new Semaphore(config.webhookRequests());
        this.posts = new ArrayBlockingQueue<>(config.webhookRequests());
        try {
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(config.webhookHost(), config.webhookPort()),
                            BACKLOG);
        } catch (IOException e) {
            throw StoreException.passing(
                    "Cannot listen on "
                            + config.webhookHost()
                            + ":"
                            + config.webhookPort()
                            + ": "
                            + e.getMessage(),
                    e);
        }
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        config.webhookRequests() + REFUSING_THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The port that it listens on. */
    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public List<IncomingMessage> receive(Duration wait) throws InterruptedException {
        List<IncomingMessage> messages = new ArrayList<>();
        Post first = posts.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        for (Post post = first; post != null; post = posts.poll()) {
            messages.add(post.message);
        }
        return messages;
    }

    @Override
    public Place place(IncomingMessage message, int index, boolean isLast) {
        RepeatWindow.Mark mark = isLast ? window.add(message.name()) : window.current();
        return new Place(mark.partition(), mark.offset());
    }

    @Override
    public boolean isRepeat(IncomingMessage message) {
        return window.contains(message.name());
    }

    @Override
    public void close() {
        closed = true;
        underWay.values().forEach(answer -> answer.complete(false));
        server.stop(0);
        threads.shutdown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            int status = answer(exchange);
            if (status == 503) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            }
            exchange.sendResponseHeaders(status, -1);
        } finally {
            exchange.close();
        }
    }

    private int answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(config.webhookPath())) {
            return 404;
        }
        if (!isAllowed(exchange)) {
            return 401;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            // A store asks whether the URL is there before it sends anything.
            boolean asks = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
            return asks ? 200 : 405;
        }
        if (closed || !places.tryAcquire()) {
            return 503;
        }
        try {
            byte[] body;
            try (InputStream in = exchange.getRequestBody()) {
                body = in.readNBytes(config.webhookMaxBytes() + 1);
            }
            return body.length > config.webhookMaxBytes() ? 413 : await(body);
        } finally {
            places.release();
        }
    }

    private int await(byte[] body) {
        String id = CloudEventHeaders.idOf(List.of(new String(body, StandardCharsets.ISO_8859_1)));
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> first = underWay.putIfAbsent(id, answer);
        if (first == null) {
            IncomingMessage message =
                    new IncomingMessage(
                            body,
                            id,
                            0,
                            IncomingMessage.NONE,
                            () -> {
                                underWay.remove(id, answer);
                                answer.complete(true);
                            });
            if (!posts.offer(new Post(message, answer))) {
                underWay.remove(id, answer);
                answer.complete(false);
            }
        }
        boolean safe =
                (first == null ? answer : first)
                        .copy()
                        .completeOnTimeout(
                                false, config.webhookTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .join();
        return safe ? 200 : 503;
    }

    private boolean isAllowed(HttpExchange exchange) {
        if (config.webhookToken().isEmpty()) {
            return true;
        }
        String token = config.webhookToken().get().value();
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null) {
            return false;
        }
        // Some stores send the token as it is, and people put "Bearer" before it.
        String sent = header.startsWith("Bearer ") ? header.substring(7) : header;
        return MessageDigest.isEqual(
                sent.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
