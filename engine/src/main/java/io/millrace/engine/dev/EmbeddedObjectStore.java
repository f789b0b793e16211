package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A real S3-compatible server in this JVM, reachable from this machine only: S3Proxy over a folder,
 * where a bucket is a folder and an object a file. It checks signatures.
 *
 * <p>The server brings its own versions of many libraries. A class loader of its own, which sees
 * nothing of ours, keeps them apart; all calls go by reflection.
 */
public final class EmbeddedObjectStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedObjectStore.class);

    private final URLClassLoader loader;
    private final Object server;
    private final URI endpoint;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedObjectStore(URLClassLoader loader, Object server, URI endpoint) {
        this.loader = loader;
        this.server = server;
        this.endpoint = endpoint;
    }

    /**
     * Starts the server over a folder, which may hold buckets already.
     *
     * @param jar the server with everything it needs
     * @param port 0 takes any free one
     */
    static EmbeddedObjectStore start(
            Path jar, Path folder, StoreCredentials credentials, int port) {
        Path buckets = DataDirectory.ready(folder);
        URI endpoint =
                URI.create(
                        "http://"
                                + FreePort.LOOPBACK
                                + ":"
                                + FreePort.orAny(port, "the object store"));
        URLClassLoader loader = IsolatedLoader.of(jar);
        try {
            Object server =
                    withLoader(loader, () -> started(loader, buckets, credentials, endpoint));
            return new EmbeddedObjectStore(loader, server, endpoint);
        } catch (ReflectiveOperationException e) {
            release(loader);
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "object store over '" + buckets + "' did not start: " + Causes.deepest(e),
                    e);
        }
    }

    /** Address for clients; path style. */
    public URI endpoint() {
        return endpoint;
    }

    /** Stops the server; its objects stay. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        BoundedStop.run("object store", this::stop);
        release(loader);
    }

    private void stop() {
        try {
            withLoader(loader, () -> server.getClass().getMethod("stop").invoke(server));
        } catch (ReflectiveOperationException e) {
            LOG.warn("object store did not stop cleanly: {}", Causes.deepest(e));
        }
    }

    private static Object started(
            ClassLoader loader, Path buckets, StoreCredentials credentials, URI endpoint)
            throws ReflectiveOperationException {
        Object store =
                loader.loadClass("org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore")
                        .getConstructor(String.class)
                        .newInstance(buckets.toString());
        Class<?> authentication = loader.loadClass("org.gaul.s3proxy.auth.AuthenticationType");
        Object builder =
                loader.loadClass("org.gaul.s3proxy.S3Proxy").getMethod("builder").invoke(null);
        call(builder, "blobStore", loader.loadClass("org.gaul.s3proxy.blobstore.BlobStore"), store);
        call(builder, "endpoint", URI.class, endpoint);
        call(builder, "stopTimeout", long.class, 0L);
        builder.getClass()
                .getMethod("awsAuthentication", authentication, String.class, String.class)
                .invoke(
                        builder,
                        authentication.getField("AWS_V4").get(null),
                        credentials.accessKey(),
                        credentials.secretKey());
        Object server = builder.getClass().getMethod("build").invoke(builder);
        server.getClass().getMethod("start").invoke(server);
        return server;
    }

    private static void call(Object target, String method, Class<?> type, Object argument)
            throws ReflectiveOperationException {
        target.getClass().getMethod(method, type).invoke(target, argument);
    }

    private static void release(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.warn("object store's jar did not close: {}", e.getMessage());
        }
    }

    /** The server and its threads find their services by the context class loader. */
    private static Object withLoader(ClassLoader loader, Call call)
            throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }
}
