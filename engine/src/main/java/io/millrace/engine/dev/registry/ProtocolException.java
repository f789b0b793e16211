package io.millrace.engine.dev.registry;

import java.util.List;

/** An answer of the protocol that is no success: status, the protocol's own code, what to say. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final String text;

    private ProtocolException(int status, int code, String text) {
        super(text);
        this.status = status;
        this.code = code;
        this.text = text;
    }

    static ProtocolException unknownPath() {
        return new ProtocolException(404, 404, "HTTP 404 Not Found");
    }

    static ProtocolException noSubject(String subject) {
        return new ProtocolException(404, 40401, "Subject '" + subject + "' not found.");
    }

    static ProtocolException noVersion(int version) {
        return new ProtocolException(404, 40402, "Version " + version + " not found.");
    }

    static ProtocolException noSchema(int id) {
        return new ProtocolException(404, 40403, "Schema " + id + " not found");
    }

    static ProtocolException noSchema() {
        return new ProtocolException(404, 40403, "Schema not found");
    }

    static ProtocolException subjectAlreadyDeleted(String subject) {
        return new ProtocolException(
                404,
                40404,
                "Subject '"
                        + subject
                        + "' was soft deleted. Set permanent=true to delete permanently");
    }

    static ProtocolException subjectNotDeletedFirst(String subject) {
        return new ProtocolException(
                404,
                40405,
                "Subject '" + subject + "' was not deleted first before being permanently deleted");
    }

    static ProtocolException versionAlreadyDeleted(String subject, int version) {
        return new ProtocolException(
                404,
                40406,
                "Subject '"
                        + subject
                        + "' Version "
                        + version
                        + " was soft deleted. Set permanent=true to delete permanently");
    }

    static ProtocolException versionNotDeletedFirst(String subject, int version) {
        return new ProtocolException(
                404,
                40407,
                "Subject '"
                        + subject
                        + "' Version "
                        + version
                        + " was not deleted first before being permanently deleted");
    }

    static ProtocolException noLevel(String subject) {
        return new ProtocolException(
                404,
                40408,
                "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static ProtocolException incompatible(String subject, List<String> why) {
        return new ProtocolException(
                409,
                409,
                "Schema being registered is incompatible with an earlier schema for subject \""
                        + subject
                        + "\", details: "
                        + why);
    }

    static ProtocolException tooLarge(int limit) {
        return new ProtocolException(413, 413, "the request is larger than " + limit + " bytes");
    }

    static ProtocolException notJson() {
        return new ProtocolException(400, 400, "the request is no JSON object");
    }

    static ProtocolException malformedPath() {
        return new ProtocolException(400, 400, "the path or the query is not percent-encoded");
    }

    static ProtocolException invalidSchema(String why) {
        return new ProtocolException(422, 42201, "Invalid schema: " + why);
    }

    static ProtocolException invalidVersion(String found) {
        return new ProtocolException(
                422,
                42202,
                "The specified version '"
                        + found
                        + "' is not a valid version id. Allowed values"
                        + " are between [1, 2^31-1] and the string \"latest\"");
    }

    static ProtocolException invalidLevel() {
        return new ProtocolException(
                422,
                42203,
                "Invalid compatibility level. Valid values are none, backward, forward, full,"
                        + " backward_transitive, forward_transitive, and full_transitive");
    }

    static ProtocolException storeFailed(String why) {
        return new ProtocolException(500, 50001, "Error in the backend data store: " + why);
    }

    static ProtocolException internal() {
        return new ProtocolException(500, 500, "Internal Server Error");
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    String text() {
        return text;
    }
}
