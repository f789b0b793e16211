package io.millrace.schemas.registry;

import static io.millrace.schemas.registry.RegistryException.Kind.DENIED;
import static io.millrace.schemas.registry.RegistryException.Kind.INCOMPATIBLE;
import static io.millrace.schemas.registry.RegistryException.Kind.INVALID;
import static io.millrace.schemas.registry.RegistryException.Kind.NOT_FOUND;
import static io.millrace.schemas.registry.RegistryException.Kind.UNAVAILABLE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.URI;

/** What a status and a body mean. */
final class RegistryAnswer {
    static final ObjectMapper JSON = new ObjectMapper();

    private RegistryAnswer() {}

    /** The JSON of a good answer; everything else ends in an exception. */
    static JsonNode read(int status, byte[] body, URI url, String what)
            throws RegistryHttp.Unanswered {
        JsonNode json = parse(body);
        if (status == 200 && !json.isMissingNode()) {
            return json;
        }
        if (status == 200 || isForeign(status, json)) {
            throw new RegistryHttp.Unanswered(foreign(status, url, what));
        }
        String said = said(json);
        String text = "asked for " + what + ", " + url + " answered " + status + said;
        throw switch (status) {
            case 401, 403 ->
                    new RegistryException(
                            DENIED, text + "; check '" + RegistryConfig.USER_INFO + "'");
            case 404 -> new RegistryException(NOT_FOUND, text + "; check the name or register it");
            case 409 ->
                    new RegistryException(
                            INCOMPATIBLE,
                            text + "; make the change compatible or use another subject");
            default -> {
                if (status == 429 || status >= 500) {
                    throw new RegistryHttp.Unanswered(
                            new RegistryException(UNAVAILABLE, text + "; look at its log"));
                }
                yield new RegistryException(INVALID, text + "; correct the schema or the request");
            }
        };
    }

    /**
     * A 404 without one of the registry's own codes says that the path is unknown: a proxy, or
     * another server. It must not be taken for "no such schema".
     */
    private static boolean isForeign(int status, JsonNode json) {
        return status < 400 || status == 404 && json.path("error_code").asInt() / 100 != 404;
    }

    private static RegistryException foreign(int status, URI url, String what) {
        return new RegistryException(
                UNAVAILABLE,
                "asked for "
                        + what
                        + ", "
                        + url
                        + " answered "
                        + status
                        + " in a form no schema registry uses; check '"
                        + RegistryConfig.URL
                        + "', its path included");
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String said(JsonNode json) {
        String message = json.path("message").asText("");
        int code = json.path("error_code").asInt();
        if (message.isEmpty()) {
            return "";
        }
        return " (" + code + ": " + Texts.oneLine(message) + ")";
    }
}
