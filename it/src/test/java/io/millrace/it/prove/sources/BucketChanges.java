package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes the objects of a bucket at random, and notes what it did.
 *
 * <p>A listing sees the last of several changes only, so an object is changed again only when its
 * last change is in the topic. Threading: one thread changes; {@code excluding} from another one.
 */
final class BucketChanges implements Runnable {
    private static final int MOST_UNDER_WAY = 400;

    private final S3Client s3;
    private final String bucket;
    private final TopicReader told;
    private final int number;
    private final Random random = new Random(41);
    private final Map<String, String> objects = new HashMap<>();
    private final Map<String, Change> latest = new HashMap<>();
    private final List<Change> done = new ArrayList<>();
    private final ChangeReading reading = new ChangeReading();
    private final Map<String, Change> latestTold = new HashMap<>();
    private int read;

    BucketChanges(S3Client s3, String bucket, TopicReader told, int number) {
        this.s3 = s3;
        this.bucket = bucket;
        this.told = told;
        this.number = number;
    }

    /** What was changed, in order. */
    synchronized List<Change> done() {
        return List.copyOf(done);
    }

    /** The objects that are there, with their entity tags. */
    synchronized Map<String, String> objects() {
        return Map.copyOf(objects);
    }

    /** Does something while nothing is being changed. */
    synchronized void excluding(Runnable action) {
        action.run();
    }

    @Override
    public void run() {
        for (int i = 0; i < number; i++) {
            String key = free();
            synchronized (this) {
                change(key, i);
            }
        }
    }

    private void change(String key, int i) {
        String before = objects.get(key);
        String id;
        if (before != null && random.nextInt(3) == 0) {
            s3.deleteObject(request -> request.bucket(bucket).key(key));
            objects.remove(key);
            id = "DELETED " + before;
        } else {
            String eTag =
                    s3.putObject(
                                    request -> request.bucket(bucket).key(key),
                                    RequestBody.fromString("change " + i))
                            .eTag()
                            .replace("\"", "");
            objects.put(key, eTag);
            id = (before == null ? "CREATED " : "OVERWRITTEN ") + eTag;
        }
        Change change = new Change(bucket + "/" + key, id);
        done.add(change);
        latest.put(key, change);
    }

    /** An object whose last change is told of. */
    private String free() {
        while (true) {
            look();
            if (done.size() - read < MOST_UNDER_WAY) {
                for (int tries = 0; tries < 50; tries++) {
                    String key =
                            "folder "
                                    + random.nextInt(20)
                                    + "/object-"
                                    + random.nextInt(300)
                                    + ".dat";
                    Change last = latest.get(key);
                    if (last == null || last.equals(latestTold.get(key))) {
                        return key;
                    }
                }
            }
            int before = read;
            await("a change is told of")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> told.count() > before);
        }
    }

    private void look() {
        List<TopicRecord> records = told.toEnd();
        for (TopicRecord record : records.subList(read, records.size())) {
            Change change = reading.read(told, record);
            latestTold.put(change.key().substring(bucket.length() + 1), change);
        }
        read = records.size();
    }
}
