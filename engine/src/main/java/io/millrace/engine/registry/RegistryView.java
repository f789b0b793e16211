package io.millrace.engine.registry;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.schemas.FunctionVersion;
import io.millrace.schemas.TriggerDefinition;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the records of the registry topics, applied in order, amount to.
 *
 * <p>A record that cannot be understood is told once, counted and passed over: what its key named
 * before stays, because one bad record must not stop a function. Threading: one thread.
 */
final class RegistryView {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryView.class);

    private final TopicNames names;
    private final AvroDeserializer<FunctionVersion> functionReader;
    private final AvroDeserializer<TriggerDefinition> triggerReader;
    private final Map<String, FunctionSpec> functions = new HashMap<>();
    private final Map<String, Trigger> triggers = new HashMap<>();
    private long skipped;

    RegistryView(TopicNames names, SchemaRegistryClient schemas) {
        this.names = names;
        this.functionReader = new AvroDeserializer<>(schemas, FunctionVersion.class);
        this.triggerReader = new AvroDeserializer<>(schemas, TriggerDefinition.class);
    }

    /**
     * Applies one record.
     *
     * @throws RegistryException if the schema registry cannot be reached; the record can be applied
     *     again later
     */
    void apply(ConsumerRecord<byte[], byte[]> record) {
        byte[] keyBytes = record.key();
        if (keyBytes == null) {
            skip(record, "it has no key");
            return;
        }
        String key = new String(keyBytes, StandardCharsets.UTF_8);
        boolean isFunction = record.topic().equals(names.functions());
        byte[] value = record.value();
        if (value == null) {
            remove(isFunction, key);
            return;
        }
        try {
            if (isFunction) {
                putFunction(key, functionReader.deserialize(record.topic(), value));
            } else {
                putTrigger(key, triggerReader.deserialize(record.topic(), value));
            }
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.UNAVAILABLE
                    || e.kind() == RegistryException.Kind.DENIED) {
                throw e;
            }
            skip(record, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Whatever bytes somebody wrote there, reading goes on.
            skip(record, String.valueOf(e.getMessage()));
        }
    }

    RegistrySnapshot snapshot() {
        Map<FunctionKey, FunctionSpec> byKey = new HashMap<>();
        functions.values().forEach(function -> byKey.put(FunctionKey.of(function), function));
        Map<TriggerId, Trigger> byId = new HashMap<>();
        triggers.values().forEach(trigger -> byId.put(trigger.id(), trigger));
        return new RegistrySnapshot(byKey, byId);
    }

    /** Records passed over because they could not be understood. */
    long skipped() {
        return skipped;
    }

    private void remove(boolean isFunction, String key) {
        if (isFunction) {
            functions.remove(key);
        } else {
            triggers.remove(key);
        }
    }

    private void putFunction(String key, @Nullable FunctionVersion version) {
        FunctionSpec function = RegistryCodec.decode(Objects.requireNonNull(version));
        requireKey(FunctionKey.of(function).toString(), key);
        functions.put(key, function);
    }

    private void putTrigger(String key, @Nullable TriggerDefinition definition) {
        Trigger trigger = RegistryCodec.decode(Objects.requireNonNull(definition));
        requireKey(trigger.id().value(), key);
        triggers.put(key, trigger);
    }

    private static void requireKey(String named, String key) {
        if (!named.equals(key)) {
            throw new IllegalArgumentException(
                    "its value is about '" + named + "', its key is '" + key + "'");
        }
    }

    private void skip(ConsumerRecord<byte[], byte[]> record, String why) {
        skipped++;
        LOG.warn(
                "passed over record {}-{}@{}: {}; publish it again",
                record.topic(),
                record.partition(),
                record.offset(),
                why);
    }
}
