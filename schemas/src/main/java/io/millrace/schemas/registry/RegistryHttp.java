package io.millrace.schemas.registry;

import static io.millrace.schemas.registry.RegistryException.Kind.INVALID;
import static io.millrace.schemas.registry.RegistryException.Kind.UNAVAILABLE;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLException;

/**
 * Sends a request to the first node that answers it: all nodes in turn, then all of them again
 * after a growing random wait. Only what another try may mend is repeated. Every request of the
 * protocol can be repeated without harm. Threading: any thread.
 */
final class RegistryHttp implements AutoCloseable {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int LARGEST_ANSWER = 32 * 1024 * 1024;

    private final RegistryConfig config;
    private final RandomGenerator random;
    private final HttpClient http;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The node that answered last: asked first next time. */
    private volatile int preferred;

    RegistryHttp(RegistryConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(config.timeout());
        config.tls().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** Asks for something; {@code what} says it in messages: "schema with id 7". */
    JsonNode get(String path, String what) {
        return send("GET", path, BodyPublishers.noBody(), what);
    }

    JsonNode post(String path, String json, String what) {
        return send("POST", path, BodyPublishers.ofString(json), what);
    }

    private JsonNode send(String method, String path, BodyPublisher body, String what) {
        Optional<RegistryException> last = Optional.empty();
        for (int round = 0; round <= config.retries().maxRetries(); round++) {
            if (round > 0) {
                pause(round - 1, what);
            }
            int first = preferred;
            for (int i = 0; i < config.urls().size(); i++) {
                int node = (first + i) % config.urls().size();
                URI url = config.urls().get(node);
                try {
                    JsonNode answer = once(method, url, path, body, what);
                    preferred = node;
                    return answer;
                } catch (Unanswered e) {
                    last = Optional.of(e.failure);
                }
            }
        }
        throw last.orElseThrow();
    }

    private JsonNode once(String method, URI url, String path, BodyPublisher body, String what)
            throws Unanswered {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .method(method, body)
                        .header("Accept", MEDIA_TYPE + ", application/json")
                        .header("Content-Type", MEDIA_TYPE);
        config.credentials().ifPresent(it -> request.header("Authorization", it.header()));
        CompletableFuture<HttpResponse<byte[]>> pending =
                http.sendAsync(request.build(), _info -> new BoundedBody(LARGEST_ANSWER));
        try {
            HttpResponse<byte[]> response =
                    pending.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return RegistryAnswer.read(response.statusCode(), response.body(), url, what);
        } catch (TimeoutException e) {
            pending.cancel(true);
            String within = "no answer within " + config.timeout().toMillis() + " ms";
            throw new Unanswered(unavailable(url, what, within, e));
        } catch (ExecutionException e) {
            throw unanswered(url, what, e.getCause() instanceof Exception it ? it : e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable(url, what, "interrupted while waiting for the answer", e);
        }
    }

    private static Unanswered unanswered(URI url, String what, Exception cause) {
        if (cause instanceof SSLException) {
            String text =
                    "cannot ask for "
                            + what
                            + " at "
                            + url
                            + ": "
                            + Texts.oneLine(cause)
                            + "; check the 'schema.registry.ssl.*' settings and the certificate";
            // Certificates do not mend themselves, but another node may have a good one.
            return new Unanswered(new RegistryException(UNAVAILABLE, text, cause));
        }
        String why = cause instanceof IOException ? "" : cause.getClass().getName() + ": ";
        return new Unanswered(unavailable(url, what, why + Texts.oneLine(cause), cause));
    }

    static RegistryException unavailable(URI url, String what, String why, Throwable cause) {
        return new RegistryException(
                UNAVAILABLE,
                "cannot ask for "
                        + what
                        + " at "
                        + url
                        + ": "
                        + why
                        + "; check that '"
                        + RegistryConfig.URL
                        + "' names a running registry",
                cause);
    }

    /** Waits between two rounds; closing the client ends the wait. */
    private void pause(int retry, String what) {
        try {
            long millis = config.retries().delay(retry, random).toMillis();
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                throw new RegistryException(
                        INVALID, "cannot ask for " + what + ": the registry client was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(config.urls().get(preferred), what, "interrupted before a retry", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        // Closeable since 21; on 17 the client ends with its last reference.
        if ((Object) http instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("the HTTP client did not close", e);
            }
        }
    }

    /** Another node or another try may still answer. */
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;
        private final RegistryException failure;

        Unanswered(RegistryException failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
