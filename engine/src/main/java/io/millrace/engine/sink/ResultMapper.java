package io.millrace.engine.sink;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Trigger;
import io.millrace.schemas.EventHeaders;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a function returned, as records: the value as it is under the key of its event, everything
 * else in headers.
 *
 * <p>Headers cost as much as the value of a small result, so what goes without saying is left out:
 * the attempt when it was the first, and the lineage where the chain begins with this function.
 *
 * <p>Threading: one thread at a time.
 */
public final class ResultMapper {
    private final Trigger trigger;
    private @Nullable Constant constant;

    public ResultMapper(Trigger trigger) {
        this.trigger = trigger;
    }

    /** One record for the results topic and one for the on-success topic; none for no output. */
    public List<OutboundRecord> map(FunctionSpec function, Output output, Provenance from) {
        if (!(output instanceof Output.Value value)) {
            return List.of();
        }
        List<Header> headers = headers(function, value, from);
        var records = new ArrayList<OutboundRecord>(2);
        records.add(record(trigger.destinations().results(), value, headers, from));
        trigger.destinations()
                .onSuccess()
                .ifPresent(topic -> records.add(record(topic, value, headers, from)));
        return records;
    }

    private List<Header> headers(FunctionSpec function, Output.Value value, Provenance from) {
        PartitionId partition = from.event().position().partition();
        Constant same = constant;
        if (same == null || !same.isOf(function, value.contentType(), partition)) {
            same = new Constant(trigger, function, value.contentType(), partition);
            constant = same;
        }
        Header requestId = Header.of(EventHeaders.REQUEST_ID, from.requestId().value());
        Header source = new Header(EventHeaders.SOURCE, same.source(from.event().offset()));
        Lineage chain = Lineage.of(from.event().headers());
        if (from.attempt() == 1 && chain.isEmpty()) {
            return List.of(
                    same.contentType, requestId, same.function, same.version, same.trigger, source);
        }
        var headers = new ArrayList<Header>(8);
        headers.add(same.contentType);
        headers.add(requestId);
        headers.add(same.function);
        headers.add(same.version);
        headers.add(same.trigger);
        headers.add(source);
        if (from.attempt() > 1) {
            headers.add(Header.of(EventHeaders.ATTEMPT, Integer.toString(from.attempt())));
        }
        if (!chain.isEmpty()) {
            headers.add(chain.after(trigger.function()).header());
        }
        return headers;
    }

    /** What the headers of nearly all results of a partition have in common. */
    private static final class Constant {
        private final FunctionSpec spec;
        private final String type;
        private final PartitionId partition;
        private final Header contentType;
        private final Header function;
        private final Header version;
        private final Header trigger;
        private final byte[] source;

        private Constant(Trigger trigger, FunctionSpec spec, String type, PartitionId partition) {
            this.spec = spec;
            this.type = type;
            this.partition = partition;
            this.contentType = Header.of(EventHeaders.CONTENT_TYPE, type);
            this.function = Header.of(EventHeaders.FUNCTION, spec.name().value());
            this.version = Header.of(EventHeaders.VERSION, spec.version());
            this.trigger = Header.of(EventHeaders.TRIGGER, trigger.id().value());
            this.source = (partition + "-").getBytes(StandardCharsets.UTF_8);
        }

        /** The position of an event, without a text in between. */
        private Payload source(long offset) {
            int digits = 1;
            for (long rest = offset / 10; rest > 0; rest /= 10) {
                digits++;
            }
            byte[] text = Arrays.copyOf(source, source.length + digits);
            long rest = offset;
            for (int at = text.length - 1; at >= source.length; at--) {
                text[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            return Payload.of(text);
        }

        @SuppressWarnings("ReferenceEquality") // merely cheaper: equal ones make equal headers
        private boolean isOf(FunctionSpec otherSpec, String otherType, PartitionId other) {
            return spec == otherSpec && type.equals(otherType) && partition.equals(other);
        }
    }

    private static OutboundRecord record(
            String topic, Output.Value value, List<Header> headers, Provenance from) {
        return new OutboundRecord(
                topic, from.event().key(), value.payload(), headers, from.endedAt().toEpochMilli());
    }

    /** The headers that results and dead letters have in common. */
    static List<Header> facts(Trigger trigger, FunctionSpec function, Provenance from) {
        return List.of(
                Header.of(EventHeaders.REQUEST_ID, from.requestId().value()),
                Header.of(EventHeaders.FUNCTION, function.name().value()),
                Header.of(EventHeaders.VERSION, function.version()),
                Header.of(EventHeaders.TRIGGER, trigger.id().value()),
                Header.of(EventHeaders.ATTEMPT, Integer.toString(from.attempt())),
                Header.of(EventHeaders.SOURCE, from.event().position().toString()));
    }
}
