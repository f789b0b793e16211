package io.millrace.engine.sink;

import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Outcome;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.sink.KafkaRecordJson.TimestampType;

import java.util.List;
import java.util.Optional;

/**
 * What failed for good, as the record Lambda writes to a destination that is a topic: one per event
 * under the event's key (KAF-7, KAF-8, DEF-17).
 *
 * <p>Lambda has no word for an event that was skipped or stopped for recursion: it is a dead letter
 * only.
 */
public final class FailureMapper {
    /** Type of a failure that the handler itself reported for an event of its batch (STR-8). */
    public static final String REPORTED = "BatchItemFailure";

    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:";

    private final Trigger trigger;
    private final KafkaSource source;
    private final TimestampType timestamps;

    /**
     * @param timestamps of the source topic
     */
    public FailureMapper(Trigger trigger, KafkaSource source, TimestampType timestamps) {
        this.trigger = trigger;
        this.source = source;
        this.timestamps = timestamps;
    }

    /**
     * The record, where the trigger asks for it.
     *
     * @param strikes attempts that count
     */
    public Optional<OutboundRecord> map(
            FunctionSpec function, Outcome.Failed outcome, int strikes, Provenance from) {
        return facts(function, outcome, strikes, from)
                .map(facts -> FailureRecords.ofKafkaRecord(facts, from.event(), timestamps, source))
                .flatMap(value -> record(value, from));
    }

    /**
     * The record of a final invocation: the events of its window by their offsets (DEF-11).
     *
     * @param from of the engine's own event, whose value is the state
     */
    public Optional<OutboundRecord> mapWindow(
            FunctionSpec function,
            Outcome.Failed outcome,
            int strikes,
            Provenance from,
            BatchRange window) {
        int size = from.event().value().size();
        return facts(function, outcome, strikes, from)
                .map(facts -> FailureRecords.ofKafkaBatch(facts, window, source, size))
                .flatMap(value -> record(value, from));
    }

    private Optional<FailureFacts> facts(
            FunctionSpec function, Outcome.Failed outcome, int strikes, Provenance from) {
        return condition(outcome)
                .filter(_ -> trigger.destinations().onFailure().isPresent())
                .map(condition ->
                        new FailureFacts(
                                from.requestId().value(),
                                ARN + function.name(),
                                function.version(),
                                condition,
                                strikes,
                                outcome.failure().type().equals(REPORTED)
                                        ? Optional.empty()
                                        : Optional.of(FailureFacts.UNHANDLED),
                                from.endedAt()));
    }

    private Optional<OutboundRecord> record(Payload value, Provenance from) {
        return trigger.destinations()
                .onFailure()
                .map(topic ->
                        new OutboundRecord(
                                topic,
                                from.event().key(),
                                value,
                                List.of(),
                                from.endedAt().toEpochMilli()));
    }

    private static Optional<FailureFacts.Condition> condition(Outcome.Failed outcome) {
        return switch (outcome.condition()) {
            case RETRY_ATTEMPTS_EXHAUSTED, NON_RETRYABLE, MAXIMUM_PAYLOAD_SIZE_EXCEEDED ->
                    Optional.of(FailureFacts.Condition.RETRY_ATTEMPTS_EXHAUSTED);
            case RECORD_AGE_EXCEEDED -> Optional.of(FailureFacts.Condition.RECORD_AGE_EXCEEDED);
            case DECODE_ERROR, SCHEMA_NOT_FOUND, FILTER_ERROR ->
                    Optional.of(FailureFacts.Condition.DESERIALIZATION_ERROR);
            case RECURSION_STOPPED, SKIPPED_BY_OPERATOR -> Optional.empty();
        };
    }
}
