package io.millrace.engine.sink;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Output;
import io.millrace.engine.model.Trigger;
import io.millrace.schemas.EventHeaders;

import java.util.ArrayList;
import java.util.List;

/**
 * What a function returned, as records: the value as it is under the key of its event, everything
 * else in headers.
 */
public final class ResultMapper {
    private final Trigger trigger;
    private final Header firstOfChain;

    public ResultMapper(Trigger trigger) {
        this.trigger = trigger;
        this.firstOfChain = Lineage.of(List.of()).after(trigger.function()).header();
    }

    /** One record for the results topic and one for the on-success topic; none for no output. */
    public List<OutboundRecord> map(FunctionSpec function, Output output, Provenance from) {
        if (!(output instanceof Output.Value value)) {
            return List.of();
        }
        var headers = new ArrayList<Header>();
        headers.add(Header.of(EventHeaders.CONTENT_TYPE, value.contentType()));
        headers.addAll(facts(trigger, function, from));
        headers.add(lineage(from.event().headers()));
        var records = new ArrayList<OutboundRecord>(2);
        records.add(record(trigger.destinations().results(), value, headers, from));
        trigger.destinations()
                .onSuccess()
                .ifPresent(topic -> records.add(record(topic, value, headers, from)));
        return records;
    }

    /** Most events carry no header at all: then what goes out begins a chain. */
    private Header lineage(List<Header> source) {
        return source.isEmpty()
                ? firstOfChain
                : Lineage.of(source).after(trigger.function()).header();
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
