package io.millrace.engine.registry;

import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.schemas.FunctionVersion;
import io.millrace.schemas.TriggerDefinition;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
        return TriggerDefinition.newBuilder()
                .setId(trigger.id().value())
                .setSourceTopic(trigger.sourceTopic())
                .setFunction(trigger.function().value())
                .setVersion(trigger.version())
                .setLanes(trigger.lanes())
                .setMaxConcurrency(trigger.maxConcurrency())
                .setBatchSize(trigger.batch().maxEvents())
                .setMaxAttempts(trigger.retry().maxAttempts())
                .setFirstDelayMillis(trigger.retry().firstDelay().toMillis())
                .setMaxDelayMillis(trigger.retry().maxDelay().toMillis())
                .setResultsTopic(trigger.destinations().results())
                .setDeadLettersTopic(trigger.destinations().deadLetters())
                .setOnSuccessTopic(trigger.destinations().onSuccess().orElse(null))
                .setFormat(trigger.format().name())
                .setStartingPosition(trigger.startingPosition().name())
                .setEnabled(trigger.enabled())
                .setModifiedAt(now)
                .build();
    }

    static Trigger decode(TriggerDefinition record) {
        return new Trigger(
                new TriggerId(record.getId()),
                record.getSourceTopic(),
                new FunctionName(record.getFunction()),
                record.getVersion(),
                record.getLanes(),
                record.getMaxConcurrency(),
                new BatchPolicy(record.getBatchSize()),
                new RetryPolicy(
                        record.getMaxAttempts(),
                        Duration.ofMillis(record.getFirstDelayMillis()),
                        Duration.ofMillis(record.getMaxDelayMillis())),
                new Destinations(
                        record.getResultsTopic(),
                        record.getDeadLettersTopic(),
                        Optional.ofNullable(record.getOnSuccessTopic())),
                ValueFormat.valueOf(record.getFormat()),
                StartingPosition.valueOf(record.getStartingPosition()),
                record.getEnabled());
    }
}
