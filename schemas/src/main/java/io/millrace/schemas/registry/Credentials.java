package io.millrace.schemas.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** User and password for a registry's basic authentication. Printing it shows the user only. */
public record Credentials(String user, String password) {
    public Credentials {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID,
                    "the user of the schema registry is empty or contains ':'; write user:password");
        }
    }

    /** Splits {@code user:password} at the first colon. */
    static Credentials parse(String userInfo, String setting) {
        int colon = userInfo.indexOf(':');
        if (colon < 1) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID,
                    "'" + setting + "' has no user and password; write user:password");
        }
        return new Credentials(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    String header() {
        byte[] pair = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
        return "Credentials[user=" + user + ", password=hidden]";
    }
}
