package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface: finds a free one, or checks that a wanted one is free. */
final class FreePort {
    static final String LOOPBACK = "127.0.0.1";

    private FreePort() {}

    /** A port nobody listens on now; somebody else may take it before its user does. */
    static int any() {
        return bind(0, "a server");
    }

    /** The wanted port, or a free one when 0 is wanted; IN_USE when somebody listens there. */
    static int orAny(int wanted, String server) {
        if (wanted < 0 || wanted > 65_535) {
            throw MillraceException.invalid(
                    "port of " + server, Integer.toString(wanted), "0 (any free one) to 65535");
        }
        return bind(wanted, server);
    }

    private static int bind(int port, String server) {
        try (var socket = new ServerSocket()) {
            // A port whose last connections are still in TIME_WAIT is free for a server.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        } catch (BindException e) {
            throw new MillraceException(
                    ErrorCode.IN_USE,
                    "port '"
                            + port
                            + "' for "
                            + server
                            + " is in use or not permitted; choose another one, or 0 for any free"
                            + " one",
                    e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "port '" + port + "' for " + server + " cannot be opened: " + e.getMessage(),
                    e);
        }
    }
}
