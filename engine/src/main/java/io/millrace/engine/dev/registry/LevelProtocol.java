package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.Optional;

/** The calls that read and set compatibility levels. */
final class LevelProtocol {
    private final SchemaStore store;

    LevelProtocol(SchemaStore store) {
        this.store = store;
    }

    JsonNode defaultLevel() {
        return told(store.state().defaultLevel());
    }

    JsonNode levelOf(RegistryCall call) {
        String subject = call.segment(1);
        Optional<CompatibilityLevel> own = store.state().levelOf(subject);
        if (own.isEmpty() && !call.flag("defaultToGlobal")) {
            throw ProtocolException.noLevel(subject);
        }
        return told(own.orElse(store.state().defaultLevel()));
    }

    JsonNode set(RegistryCall call) {
        CompatibilityLevel level =
                CompatibilityLevel.parse(call.body().path("compatibility").asText(""))
                        .orElseThrow(ProtocolException::invalidLevel);
        store.level(named(call), Optional.of(level));
        return JsonNodeFactory.instance.objectNode().put("compatibility", level.name());
    }

    /** Answers what was in force before. */
    JsonNode reset(RegistryCall call) {
        Optional<String> subject = named(call);
        CompatibilityLevel before = store.state().defaultLevel();
        if (subject.isPresent()) {
            String name = subject.get();
            before = store.state().levelOf(name).orElseThrow(() -> ProtocolException.noLevel(name));
        }
        store.level(subject, Optional.empty());
        return told(before);
    }

    private static JsonNode told(CompatibilityLevel level) {
        return JsonNodeFactory.instance.objectNode().put("compatibilityLevel", level.name());
    }

    private static Optional<String> named(RegistryCall call) {
        return call.path().stream().skip(1).findFirst();
    }
}
