package io.millrace.engine.registry;

import static java.util.stream.Collectors.toSet;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.schemas.BreakerRule;
import io.millrace.schemas.FunctionVersion;
import io.millrace.schemas.SkippedEvent;
import io.millrace.schemas.TriggerDefinition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Functions and triggers to and from the records of the registry topics.
 *
 * <p>A record that holds what the engine does not allow is refused with an unchecked exception.
 * Durations are kept to the millisecond.
 */
final class RegistryCodec {
    private RegistryCodec() {}

    static FunctionVersion encode(Deployment deployment, Instant now) {
        FunctionSpec function = deployment.function();
        return FunctionVersion.newBuilder()
                .setName(function.name().value())
                .setVersion(function.version())
                .setHandler(function.handler())
                .setCodeSha256(function.codeSha256())
                .setCodeSize(deployment.codeSize())
                .setTimeoutMillis(function.timeout().toMillis())
                .setMemoryMb(function.memoryMb())
                .setEnvironment(function.environment())
                .setDescription(deployment.description())
                .setModifiedAt(now)
                .build();
    }

    static FunctionSpec decode(FunctionVersion record) {
        return new FunctionSpec(
                new FunctionName(record.getName()),
                record.getVersion(),
                record.getHandler(),
                record.getCodeSha256(),
                Duration.ofMillis(record.getTimeoutMillis()),
                record.getMemoryMb(),
                record.getEnvironment());
    }

    static TriggerDefinition encode(Trigger trigger, Instant now) {
        Intake intake = trigger.intake();
        return TriggerDefinition.newBuilder()
                .setId(trigger.id().value())
                .setSourceTopic(trigger.sourceTopic())
                .setFunction(trigger.function().value())
                .setVersion(trigger.version())
                .setFormat(intake.format().name())
                .setEventFormat(intake.eventFormat().name())
                .setStartingPosition(intake.start().kind().name())
                .setStartingTimestamp(intake.start().at().orElse(null))
                .setFilters(intake.filters())
                .setDeduplicationKey(
                        intake.deduplication().map(Intake.Deduplication::key).orElse(null))
                .setDeduplicationWindowMillis(
                        millis(intake.deduplication().map(Intake.Deduplication::window)))
                .setSkips(intake.skips().stream().map(RegistryCodec::skip).toList())
                .setOrder(trigger.lanes().order().name())
                .setLanes(trigger.lanes().lanes())
                .setBatchSize(trigger.batch().maxEvents())
                .setBatchingWindowMillis(trigger.batch().window().toMillis())
                .setPartialAnswer(trigger.batch().answer().name())
                .setTumblingWindowMillis(millis(trigger.batch().tumbling().map(WindowPolicy::size)))
                .setTumblingWindowGraceMillis(
                        millis(trigger.batch().tumbling().map(WindowPolicy::grace)))
                .setMaxAttempts(trigger.retry().maxAttempts())
                .setFirstDelayMillis(trigger.retry().firstDelay().toMillis())
                .setMaxDelayMillis(trigger.retry().maxDelay().toMillis())
                .setMaxAgeMillis(millis(trigger.retry().maxAge()))
                .setBisect(trigger.retry().bisect())
                .setMaxConcurrency(trigger.load().maxConcurrency())
                .setEventsPerSecond(
                        trigger.load().eventsPerSecond().stream().boxed().findAny().orElse(null))
                .setBreaker(trigger.load().breaker().map(RegistryCodec::breaker).orElse(null))
                .setResultsTopic(trigger.destinations().results())
                .setDeadLettersTopic(trigger.destinations().deadLetters())
                .setOnSuccessTopic(trigger.destinations().onSuccess().orElse(null))
                .setOnFailureTopic(trigger.destinations().onFailure().orElse(null))
                .setGuarantee(trigger.guarantee().name())
                .setEnabled(trigger.enabled())
                .setPausedReason(trigger.activity().paused().orElse(null))
                .setModifiedAt(now)
                .build();
    }

    static Trigger decode(TriggerDefinition record) {
        return new Trigger(
                new TriggerId(record.getId()),
                record.getSourceTopic(),
                new FunctionName(record.getFunction()),
                record.getVersion(),
                intake(record),
                lanes(record),
                new BatchPolicy(
                        record.getBatchSize(),
                        Duration.ofMillis(record.getBatchingWindowMillis()),
                        BatchPolicy.PartialAnswer.valueOf(record.getPartialAnswer()),
                        duration(record.getTumblingWindowMillis())
                                .map(size ->
                                        new WindowPolicy(
                                                size,
                                                Duration.ofMillis(
                                                        record.getTumblingWindowGraceMillis())))),
                new RetryPolicy(
                        record.getMaxAttempts(),
                        Duration.ofMillis(record.getFirstDelayMillis()),
                        Duration.ofMillis(record.getMaxDelayMillis()),
                        duration(record.getMaxAgeMillis()),
                        record.getBisect()),
                load(record),
                new Destinations(
                        record.getResultsTopic(),
                        record.getDeadLettersTopic(),
                        Optional.ofNullable(record.getOnSuccessTopic()),
                        Optional.ofNullable(record.getOnFailureTopic())),
                Guarantee.valueOf(record.getGuarantee()),
                new Activity(record.getEnabled(), Optional.ofNullable(record.getPausedReason())));
    }

    private static Intake intake(TriggerDefinition record) {
        return new Intake(
                ValueFormat.valueOf(record.getFormat()),
                EventFormat.valueOf(record.getEventFormat()),
                new StartingPosition(
                        StartingPosition.Kind.valueOf(record.getStartingPosition()),
                        Optional.ofNullable(record.getStartingTimestamp())),
                record.getFilters(),
                Optional.ofNullable(record.getDeduplicationKey())
                        .map(key ->
                                new Intake.Deduplication(
                                        key,
                                        Duration.ofMillis(record.getDeduplicationWindowMillis()))),
                record.getSkips().stream().map(RegistryCodec::position).collect(toSet()));
    }

    /** Records of the first form know lanes only: one of them meant the order of the partition. */
    private static LanePolicy lanes(TriggerDefinition record) {
        LanePolicy.Order order = LanePolicy.Order.valueOf(record.getOrder());
        return order == LanePolicy.Order.KEY
                ? LanePolicy.byKey(record.getLanes())
                : new LanePolicy(order, record.getLanes());
    }

    private static LoadPolicy load(TriggerDefinition record) {
        Double rate = record.getEventsPerSecond();
        BreakerRule rule = record.getBreaker();
        return new LoadPolicy(
                record.getMaxConcurrency(),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                Optional.ofNullable(rule)
                        .map(found ->
                                new LoadPolicy.Breaker(
                                        found.getAttempts(),
                                        found.getFailedPercent(),
                                        Duration.ofMillis(found.getPauseMillis()))));
    }

    private static BreakerRule breaker(LoadPolicy.Breaker breaker) {
        return new BreakerRule(
                breaker.attempts(), breaker.failedPercent(), breaker.pause().toMillis());
    }

    private static SkippedEvent skip(EventPosition position) {
        return new SkippedEvent(
                position.partition().topic(), position.partition().partition(), position.offset());
    }

    private static EventPosition position(SkippedEvent skip) {
        return new EventPosition(
                new PartitionId(skip.getTopic(), skip.getPartition()), skip.getOffset());
    }

    private static long millis(Optional<Duration> duration) {
        return duration.map(Duration::toMillis).orElse(0L);
    }

    private static Optional<Duration> duration(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }
}
