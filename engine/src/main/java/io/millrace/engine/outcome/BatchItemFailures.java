package io.millrace.engine.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.engine.model.EventPosition;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads the answer with which a handler tells the failed events of a batch: {@code
 * {"batchItemFailures":[{"itemIdentifier":...}]}}.
 *
 * <ul>
 *   <li>Nothing, {@code ""}, {@code null}, {@code {}}, {@code []}, no list, an empty list: all
 *       succeeded (STR-7, SQS-6, KAF-6). Other fields beside the list do not matter.
 *   <li>An item without an identifier, with one that is empty, null or not of this batch: the whole
 *       batch failed, whatever the other items say (STR-7, DEF-13, KAF-6).
 *   <li>An answer that is not JSON, or that is neither an object nor empty, says nothing that could
 *       be trusted: the whole batch failed (SQS-6). So does a misspelt list, lest failures get
 *       lost.
 * </ul>
 *
 * <p>Pure; any thread. Cost grows with the answer and the batch.
 */
public final class BatchItemFailures {
    private static final String LIST = "batchItemFailures";
    private static final String IDENTIFIER = "itemIdentifier";
    private static final int SHOWN = 100;

    /** Sequence numbers are offsets in 21 digits at most. */
    private static final int MAX_DIGITS = 21;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private BatchItemFailures() {}

    /** How a trigger names the events of a batch, and what a failed one means for the others. */
    public enum Form {
        /**
         * By sequence number: the offset as text, with or without leading zeros. As a rule the
         * lowest one named is the checkpoint: it and everything behind it failed (STR-7).
         */
        STREAM,

        /** By a text, topic-partition-offset as a rule. Only those named failed (SQS-6). */
        QUEUE,

        /** By {@code {"partition":"orders-0","offset":100}}. Only those named failed (DEF-16). */
        KAFKA
    }

    /** What the answer means. */
    public sealed interface Result {
        record AllSucceeded() implements Result {}

        /** As if the handler had thrown. */
        record WholeBatchFailed(String reason) implements Result {}

        /**
         * Some events are to be tried again.
         *
         * @param indexes their places in the batch, never empty; for a stream from the checkpoint
         *     to the end
         */
        record Failed(SortedSet<Integer> indexes) implements Result {
            public Failed {
                indexes = Collections.unmodifiableSortedSet(new TreeSet<>(indexes));
            }
        }
    }

    /**
     * Reads an answer that names events by where they lie.
     *
     * @param answer JSON text, or nothing
     * @param batch where the events of the batch lie, in their order
     */
    public static Result parse(String answer, Form form, List<EventPosition> batch) {
        return parse(answer, new Naming(form, namesOf(form, batch), form == Form.STREAM));
    }

    /**
     * How the events of one batch are named.
     *
     * @param names of the events in their order, sequence numbers without leading zeros; an item
     *     means every event of its name
     * @param isCheckpoint whether everything behind the first one named failed with it
     */
    public record Naming(Form form, List<String> names, boolean isCheckpoint) {
        public Naming {
            names = List.copyOf(names);
        }
    }

    /**
     * Reads an answer.
     *
     * @param answer JSON text, or nothing
     */
    public static Result parse(String answer, Naming naming) {
        if (answer.isBlank()) {
            return new Result.AllSucceeded();
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(answer);
        } catch (JsonProcessingException malformed) {
            return failed("the answer is not JSON: " + malformed.getOriginalMessage());
        }
        if (tree.isNull() || tree.isMissingNode() || isEmpty(tree)) {
            return new Result.AllSucceeded();
        }
        if (!tree.isObject()) {
            return failed("the answer must be an object with '" + LIST + "', found " + shown(tree));
        }
        return list(tree, naming);
    }

    private static boolean isEmpty(JsonNode tree) {
        return tree.isTextual()
                ? tree.textValue().isEmpty()
                : tree.isContainerNode() && tree.isEmpty();
    }

    private static Result list(JsonNode answer, Naming naming) {
        JsonNode list = answer.path(LIST);
        if (list.isMissingNode()) {
            for (Map.Entry<String, JsonNode> field : answer.properties()) {
                if (field.getKey().replace("_", "").equalsIgnoreCase(LIST)) {
                    return failed(
                            "the answer has '" + field.getKey() + "' instead of '" + LIST + "'");
                }
            }
            return new Result.AllSucceeded();
        }
        if (list.isNull()) {
            return new Result.AllSucceeded();
        }
        if (!list.isArray()) {
            return failed("'" + LIST + "' must be a list, found " + shown(list));
        }
        return items(list, naming);
    }

    private static Result items(JsonNode items, Naming naming) {
        if (items.isEmpty()) {
            return new Result.AllSucceeded();
        }
        Set<String> known = new HashSet<>(naming.names());
        Set<String> named = new HashSet<>();
        for (JsonNode item : items) {
            JsonNode identifier = item.path(IDENTIFIER);
            String name = nameOf(identifier, naming.form());
            if (name.isEmpty()) {
                return failed(
                        "an item of '"
                                + LIST
                                + "' has no "
                                + expected(naming.form())
                                + ": "
                                + shown(item));
            }
            if (!known.contains(name)) {
                return failed(IDENTIFIER + " " + shown(identifier) + " is not in the batch");
            }
            named.add(name);
        }
        return new Result.Failed(places(naming, named));
    }

    private static SortedSet<Integer> places(Naming naming, Set<String> named) {
        SortedSet<Integer> places = new TreeSet<>();
        for (int i = 0; i < naming.names().size(); i++) {
            boolean isBehind = naming.isCheckpoint() && !places.isEmpty();
            if (isBehind || named.contains(naming.names().get(i))) {
                places.add(i);
            }
        }
        return places;
    }

    private static List<String> namesOf(Form form, List<EventPosition> batch) {
        return batch.stream()
                .map(position ->
                        switch (form) {
                            case STREAM -> Long.toString(position.offset());
                            case QUEUE, KAFKA -> position.toString();
                        })
                .toList();
    }

    /** The name an identifier gives to an event; empty if it is none of this form. */
    private static String nameOf(JsonNode identifier, Form form) {
        return switch (form) {
            case STREAM -> identifier.isTextual() ? offsetOf(identifier.textValue()) : "";
            case QUEUE -> identifier.isTextual() ? identifier.textValue() : "";
            case KAFKA -> {
                JsonNode partition = identifier.path("partition");
                JsonNode offset = identifier.path("offset");
                yield partition.isTextual()
                                && !partition.textValue().isEmpty()
                                && offset.isIntegralNumber()
                        ? partition.textValue() + "-" + offset.asText()
                        : "";
            }
        };
    }

    /** Without leading zeros; what is no number stays as it is and names no event. */
    private static String offsetOf(String text) {
        if (text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text;
        }
        int zeros = 0;
        while (zeros < text.length() - 1 && text.charAt(zeros) == '0') {
            zeros++;
        }
        return text.substring(zeros);
    }

    private static String expected(Form form) {
        return switch (form) {
            case STREAM -> IDENTIFIER + " with a sequence number as text";
            case QUEUE -> IDENTIFIER + " with a message id as text";
            case KAFKA -> IDENTIFIER + " with a partition as text and an offset as number";
        };
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    private static Result failed(String reason) {
        return new Result.WholeBatchFailed(reason);
    }
}
