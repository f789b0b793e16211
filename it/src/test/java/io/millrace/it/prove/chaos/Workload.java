package io.millrace.it.prove.chaos;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The events of one topic: number n is the same in every run with the same seed. Threading: one
 * thread.
 *
 * @param prefix of keys and ids
 * @param backlog events that are sent and not yet decided, as long as the generator runs
 */
record Workload(
        String topic,
        String prefix,
        int keys,
        long backlog,
        int maxMillis,
        boolean mixed,
        long seed) {
    /** The header that identifies an event, whatever its value. */
    static final String ID = "chaos-id";

    /** Close to what one invocation may get: 6 MiB. */
    private static final int LARGE_BYTES = 6 * 1024 * 1024 - 4_096;

    /** What is sent. */
    record Event(String id, Kind kind, ProducerRecord<byte[], byte[]> record) {}

    Event event(long number) {
        // Numbers of one key follow each other, so id and order are the same thing.
        Random random = new Random(seed * 31 + number);
        String key = prefix + random.nextInt(keys);
        Kind kind = mixed ? kind(number) : Kind.PLAIN;
        return event(number, key, kind, millis(random));
    }

    /** One that has nothing to it, to see whether work goes on. */
    Event probe(long number) {
        return event(number, prefix + number % keys, Kind.PLAIN, 0);
    }

    private Event event(long number, String key, Kind kind, int millis) {
        String id = key + ":" + number;
        RecordHeaders headers = new RecordHeaders();
        headers.add(ID, bytes(id));
        headers.add("twice", bytes("1"));
        headers.add("twice", bytes("2"));
        headers.add("empty", null);
        return new Event(
                id,
                kind,
                new ProducerRecord<>(
                        topic, null, null, bytes(key), value(id, kind, millis), headers));
    }

    private int millis(Random random) {
        // Most are quick, some are slow, as handlers are.
        int spread = random.nextInt(100);
        int bound = spread < 70 ? maxMillis / 10 : spread < 95 ? maxMillis / 2 : maxMillis;
        return random.nextInt(bound + 1);
    }

    private Kind kind(long number) {
        long n = number + Math.floorMod(seed, 1_000);
        if (n % 2_003 == 700) {
            return Kind.LARGE;
        }
        if (n % 3_001 == 1_300) {
            return Kind.LARGE_POISON;
        }
        if (n % 1_009 == 400) {
            return Kind.LARGE_RESULT;
        }
        if (n % 997 == 150) {
            return Kind.HANGING;
        }
        if (n % 307 == 11) {
            return Kind.HOPELESS;
        }
        if (n % 211 == 9) {
            return Kind.UNDECODABLE;
        }
        if (n % 101 == 17) {
            return Kind.POISON;
        }
        return n % 53 == 5 ? Kind.FLAKY : Kind.PLAIN;
    }

    private static byte[] value(String id, Kind kind, int millis) {
        if (kind == Kind.UNDECODABLE) {
            return bytes("{\"id\":\"" + id + "\", not JSON \u0000");
        }
        String json =
                "{\"id\":\""
                        + id
                        + "\",\"kind\":\""
                        + kind.word()
                        + "\",\"millis\":\""
                        + millis
                        + "\"";
        boolean large = kind == Kind.LARGE || kind == Kind.LARGE_POISON;
        String pad = large ? ",\"pad\":\"" + "p".repeat(LARGE_BYTES) + "\"" : "";
        return bytes(json + pad + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
