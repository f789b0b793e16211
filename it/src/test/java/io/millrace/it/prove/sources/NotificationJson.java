package io.millrace.it.prove.sources;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Notifications as S3 writes them. */
final class NotificationJson {
    private NotificationJson() {}

    /**
     * A message that tells of objects of one bucket.
     *
     * @param numbers one for each record: the change's own number, which orders it, too
     */
    static String message(String bucket, List<String> keys, List<Integer> numbers) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            records.append(i == 0 ? "" : ",").append(record(bucket, keys.get(i), numbers.get(i)));
        }
        return "{\"Records\":[" + records + "]}";
    }

    /** How a change's number is found in its event. */
    static String version(int number) {
        return "v" + number;
    }

    private static String record(String bucket, String key, int number) {
        String name = number % 5 == 4 ? "ObjectRemoved:Delete" : "ObjectCreated:Put";
        return String.format(
                Locale.ROOT,
                "{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"eu-west-1\","
                        + "\"eventTime\":\"2026-01-31T10:20:30.400Z\",\"eventName\":\"%s\","
                        + "\"s3\":{\"bucket\":{\"name\":\"%s\"},\"object\":{\"key\":\"%s\","
                        + "\"size\":7,\"eTag\":\"tag%d\",\"versionId\":\"%s\","
                        + "\"sequencer\":\"%016X\"}}}",
                name,
                bucket,
                URLEncoder.encode(key, StandardCharsets.UTF_8),
                number,
                version(number),
                number);
    }
}
