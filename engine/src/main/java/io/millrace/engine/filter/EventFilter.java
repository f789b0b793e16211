package io.millrace.engine.filter;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.RawEvent;

import software.amazon.event.ruler.Patterns;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Patterns of EventBridge over an event, matched by event-ruler.
 *
 * <ul>
 *   <li>An event is accepted if one pattern matches; a pattern matches if all its fields do. A
 *       field that a pattern names must exist in the event (FIL-1).
 *   <li>Fields are {@code value} and {@code key}, each as JSON or as plain text, {@code topic},
 *       {@code partition}, {@code offset}, {@code timestamp} and {@code headers.<name>}: the last
 *       header of that name, absent if it is null or not UTF-8 (DEF-20).
 *   <li>Where a key or value does not have the form its pattern is written for (text for JSON, JSON
 *       for text, not UTF-8), that part of the pattern is taken as met and the metadata decides
 *       alone (FIL-2, column Kafka). An object or an array is JSON; everything else is text.
 *   <li>A null key and the value of a tombstone have no form: nothing in them exists.
 *   <li>Avro is filtered as the JSON it stands for.
 *   <li>Case counts; nothing is folded (FIL-7).
 * </ul>
 *
 * <p>An event that would take too long is failed, not matched: see {@link #MAX_JSON_SIZE}.
 *
 * <p>Threading: any thread; nothing changes after construction.
 */
public final class EventFilter {
    /** Most characters of one pattern, as in Lambda. */
    public static final int MAX_PATTERN_LENGTH = 4_096;

    /** Most patterns of one filter, as Lambda's raised quota. */
    public static final int MAX_PATTERNS = 10;

    /**
     * Most bytes of a key or value that is looked at. Kafka's default for a record is as much; what
     * is larger costs more to match than a pool thread should spend on an event that may be thrown
     * away.
     */
    public static final int MAX_JSON_SIZE = 1024 * 1024;

    /** Type of the failure when a filter cannot judge an event. */
    public static final String FILTER_ERROR = "FilterError";

    private static final String HEADERS = "headers.";

    /** Most characters of a topic's name, and more than any number has. */
    private static final int MAX_METADATA = 249;

    private final FieldNames names;
    private final Set<String> headers = new TreeSet<>();
    private final Set<Part> used = EnumSet.noneOf(Part.class);
    private final Map<Set<Part>, Rules> rulesWithout = new HashMap<>();
    private final DataReader reader = new DataReader();

    private EventFilter(List<Map<String, List<Patterns>>> rules) {
        Set<String> fields = new TreeSet<>();
        rules.forEach(rule -> fields.addAll(rule.keySet()));
        names = new FieldNames(fields);
        for (String field : fields) {
            Part.of(field).ifPresent(used::add);
            if (field.startsWith(HEADERS)) {
                headers.add(field.substring(HEADERS.length()));
            }
        }
        int complexity = PatternReader.MAX_COMPLEXITY * Math.max(1, rules.size()) + 1;
        for (Set<Part> ignored : subsetsOf(used)) {
            rulesWithout.put(ignored, new Rules(without(ignored, rules), complexity));
        }
    }

    /**
     * Compiles patterns; a filter without patterns accepts everything (ESM-11).
     *
     * @throws MillraceException naming the first pattern that is not allowed, and why (FIL-3)
     */
    public static EventFilter compile(List<String> patterns) {
        if (patterns.size() > MAX_PATTERNS) {
            throw MillraceException.invalid(
                    "number of filter patterns", "" + patterns.size(), "at most " + MAX_PATTERNS);
        }
        return new EventFilter(
                patterns.isEmpty() ? List.of(Map.of()) : PatternReader.read(patterns));
    }

    private static List<Set<Part>> subsetsOf(Set<Part> parts) {
        List<Set<Part>> subsets = new ArrayList<>(List.of(EnumSet.noneOf(Part.class)));
        for (Part part : parts) {
            for (Set<Part> subset : List.copyOf(subsets)) {
                Set<Part> larger = EnumSet.copyOf(subset);
                larger.add(part);
                subsets.add(larger);
            }
        }
        return subsets;
    }

    private static List<Map<String, List<Patterns>>> without(
            Set<Part> ignored, List<Map<String, List<Patterns>>> rules) {
        List<Map<String, List<Patterns>>> left = new ArrayList<>();
        for (Map<String, List<Patterns>> rule : rules) {
            Map<String, List<Patterns>> fields = new LinkedHashMap<>(rule);
            fields.keySet().removeIf(field -> Part.of(field).filter(ignored::contains).isPresent());
            left.add(fields);
        }
        return left;
    }

    /** Judges one event; never throws. */
    public FilterVerdict test(Event event) {
        FieldTally tally = new FieldTally(names);
        FilterData value =
                uses(Part.VALUE_TEXT, Part.VALUE_JSON)
                        ? reader.value(event.value(), tally)
                        : FilterData.ABSENT;
        FilterData key =
                uses(Part.KEY_TEXT, Part.KEY_JSON)
                        ? reader.key(event.raw().key(), tally)
                        : FilterData.ABSENT;
        if (value instanceof FilterData.Unusable(var failure)) {
            return new FilterVerdict.Failed(failure);
        }
        if (key instanceof FilterData.Unusable(var failure)) {
            return new FilterVerdict.Failed(failure);
        }
        Set<Part> ignored = EnumSet.noneOf(Part.class);
        ignore(value, Part.VALUE_TEXT, Part.VALUE_JSON, ignored);
        ignore(key, Part.KEY_TEXT, Part.KEY_JSON, ignored);
        ignored.retainAll(used);
        Rules rules = Objects.requireNonNull(rulesWithout.get(ignored));
        return rules.acceptsAll()
                ? FilterVerdict.ACCEPTED
                : match(rules, documentOf(event.raw(), key, value, tally), tally);
    }

    private boolean uses(Part text, Part json) {
        return used.contains(text) || used.contains(json);
    }

    private static void ignore(FilterData data, Part text, Part json, Set<Part> ignored) {
        switch (data) {
            case FilterData.Json _ -> ignored.add(text);
            case FilterData.Text _ -> ignored.add(json);
            case FilterData.Opaque _ -> {
                ignored.add(text);
                ignored.add(json);
            }
            case FilterData.Absent _, FilterData.Unusable _ -> {}
        }
    }

    private static FilterVerdict match(Rules rules, String document, FieldTally tally) {
        double work = rules.workFor(tally);
        if (work > Rules.MAX_WORK) {
            return new FilterVerdict.Failed(
                    DataReader.failure(
                            "the event has "
                                    + tally.values()
                                    + " values in fields of the filter: too many combinations"));
        }
        try {
            return rules.match(document) ? FilterVerdict.ACCEPTED : FilterVerdict.REJECTED;
        } catch (RuntimeException | StackOverflowError failed) {
            return new FilterVerdict.Failed(
                    DataReader.failure("the filter failed: " + failed.getClass().getName()));
        }
    }

    private String documentOf(RawEvent raw, FilterData key, FilterData value, FieldTally tally) {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"topic\":");
        quote(raw.position().partition().topic(), json);
        json.append(",\"partition\":").append(raw.position().partition().partition());
        json.append(",\"offset\":").append(raw.offset());
        json.append(",\"timestamp\":").append(raw.timestamp());
        data(Part.KEY, key, json);
        data(Part.VALUE, value, json);
        for (String field : List.of("topic", "partition", "offset", "timestamp")) {
            tally.add(field, MAX_METADATA);
        }
        if (!headers.isEmpty()) {
            headers(raw.headers(), json, tally);
        }
        return json.append('}').toString();
    }

    private static void data(String field, FilterData data, StringBuilder json) {
        switch (data) {
            case FilterData.Json(String text) ->
                    json.append(",\"").append(field).append("\":").append(text);
            case FilterData.Text(String text) -> {
                json.append(",\"").append(field).append("\":");
                quote(text, json);
            }
            case FilterData.Absent _, FilterData.Opaque _, FilterData.Unusable _ -> {}
        }
    }

    private void headers(List<Header> all, StringBuilder json, FieldTally tally) {
        Map<String, Header> last = new LinkedHashMap<>();
        for (Header header : all) {
            if (headers.contains(header.key())) {
                last.put(header.key(), header);
            }
        }
        json.append(",\"headers\":{");
        String comma = "";
        for (Header header : last.values()) {
            if (header.value().isNull() || !DataReader.isUtf8(header.value())) {
                continue;
            }
            String text = header.value().text();
            json.append(comma);
            quote(header.key(), json);
            json.append(':');
            quote(text, json);
            tally.add(HEADERS + header.key(), text.length());
            comma = ",";
        }
        json.append('}');
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        json.append('"');
    }
}
