package io.millrace.it.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Plain requests; an answer is its status, a blank and its body. */
final class RegistryCalls implements AutoCloseable {
    private final URI registry;
    private final HttpClient http = HttpClient.newHttpClient();

    RegistryCalls(URI registry) {
        this.registry = registry;
    }

    String get(String path) {
        return call("GET", path, "");
    }

    String delete(String path) {
        return call("DELETE", path, "");
    }

    String post(String path, String body) {
        return call("POST", path, body);
    }

    String put(String path, String body) {
        return call("PUT", path, body);
    }

    HttpResponse<String> response(String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(registry + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String call(String method, String path, String body) {
        HttpResponse<String> response = response(method, path, body);
        return response.statusCode() + " " + response.body();
    }

    @Override
    public void close() {
        http.close();
    }
}
