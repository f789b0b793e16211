package io.millrace.engine.manifest;

import java.util.regex.Pattern;

/** Which names Kafka allows for topics. */
final class TopicRule {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private TopicRule() {}

    /** The topic; a name that is not allowed goes to the problems. */
    static String checked(Section section, String field, String topic) {
        boolean isAllowed =
                ALLOWED.matcher(topic).matches() && !topic.equals(".") && !topic.equals("..");
        if (!topic.isBlank() && !isAllowed) {
            section.problem(
                    field,
                    "'"
                            + field
                            + "' is '"
                            + topic
                            + "'; allowed: 1 to 249 letters, digits, '.', '_' or '-'");
        }
        return topic;
    }
}
