package io.millrace.engine.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

import java.util.List;
import java.util.Optional;

/** The protocol's calls, free of HTTP: a call in, JSON or a {@link ProtocolException} out. */
final class RegistryProtocol {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SchemaStore store;
    private final LevelProtocol levels;

    RegistryProtocol(SchemaStore store) {
        this.store = store;
        this.levels = new LevelProtocol(store);
    }

    JsonNode answer(RegistryCall call) {
        return switch (call.shape()) {
            case "GET /" -> JSON.objectNode();
            case "GET /schemas/types" -> JSON.arrayNode().add(StoredSchema.AVRO);
            case "GET /schemas/ids/*" -> schemaById(call);
            case "GET /schemas/ids/*/versions" -> versionsById(call);
            case "GET /schemas/ids/*/subjects" -> subjectsById(call);
            case "GET /subjects" -> subjects(call);
            case "POST /subjects/*" -> lookup(call);
            case "DELETE /subjects/*" -> deleteSubject(call);
            case "GET /subjects/*/versions" -> versions(call);
            case "POST /subjects/*/versions" -> register(call);
            case "GET /subjects/*/versions/*" -> told(version(call, 1, 3));
            case "GET /subjects/*/versions/*/schema" -> schemaText(call);
            case "DELETE /subjects/*/versions/*" -> deleteVersion(call);
            case "POST /compatibility/subjects/*/versions" -> compatibility(call, false);
            case "POST /compatibility/subjects/*/versions/*" -> compatibility(call, true);
            case "GET /config" -> levels.defaultLevel();
            case "GET /config/*" -> levels.levelOf(call);
            case "PUT /config", "PUT /config/*" -> levels.set(call);
            case "DELETE /config", "DELETE /config/*" -> levels.reset(call);
            case "GET /mode", "GET /mode/*" -> JSON.objectNode().put("mode", "READWRITE");
            default -> throw ProtocolException.unknownPath();
        };
    }

    private JsonNode schemaById(RegistryCall call) {
        StoredSchema found = withId(call).getFirst();
        ObjectNode answer = JSON.objectNode();
        copyKind(found, answer);
        return answer.put("schema", found.schema());
    }

    private JsonNode versionsById(RegistryCall call) {
        ArrayNode answer = JSON.arrayNode();
        for (StoredSchema it : visible(withId(call), call)) {
            answer.addObject().put("subject", it.subject()).put("version", it.version());
        }
        return answer;
    }

    private JsonNode subjectsById(RegistryCall call) {
        ArrayNode answer = JSON.arrayNode();
        visible(withId(call), call).stream()
                .map(StoredSchema::subject)
                .distinct()
                .forEach(answer::add);
        return answer;
    }

    private List<StoredSchema> withId(RegistryCall call) {
        int id = id(call.segment(2));
        return store.find(
                () -> Optional.of(store.state().withId(id)).filter(found -> !found.isEmpty()),
                () -> ProtocolException.noSchema(id));
    }

    private static List<StoredSchema> visible(List<StoredSchema> all, RegistryCall call) {
        return all.stream().filter(it -> call.flag("deleted") || !it.deleted()).toList();
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw ProtocolException.unknownPath();
        }
    }

    private JsonNode subjects(RegistryCall call) {
        // Two colons and a star is Confluent's "all contexts"; there is one context here.
        String given = call.query().getOrDefault("subjectPrefix", "");
        String prefix = given.equals(":*:") ? "" : given;
        ArrayNode answer = JSON.arrayNode();
        store.state().subjects(call.flag("deleted")).stream()
                .filter(subject -> subject.startsWith(prefix))
                .forEach(answer::add);
        return answer;
    }

    private JsonNode schemaText(RegistryCall call) {
        return JSON.rawValueNode(new RawValue(version(call, 1, 3).schema()));
    }

    private JsonNode lookup(RegistryCall call) {
        String subject = call.segment(1);
        String schema = schema(call).toString();
        requireSubject(subject, call.flag("deleted"));
        return told(
                store.find(
                        () ->
                                store
                                        .state()
                                        .versions(subject, call.flag("deleted"))
                                        .reversed()
                                        .stream()
                                        .filter(it -> it.isAvro(schema))
                                        .findFirst(),
                        ProtocolException::noSchema));
    }

    private JsonNode register(RegistryCall call) {
        int id = store.register(call.segment(1), schema(call));
        return JSON.objectNode().put("id", id);
    }

    private JsonNode versions(RegistryCall call) {
        ArrayNode answer = JSON.arrayNode();
        requireSubject(call.segment(1), call.flag("deleted"))
                .forEach(it -> answer.add(it.version()));
        return answer;
    }

    private JsonNode deleteSubject(RegistryCall call) {
        ArrayNode answer = JSON.arrayNode();
        store.deleteSubject(call.segment(1), call.flag("permanent")).forEach(answer::add);
        return answer;
    }

    private JsonNode deleteVersion(RegistryCall call) {
        boolean permanent = call.flag("permanent");
        int version = number(call.segment(3));
        if (version < 0) {
            version = requireSubject(call.segment(1), permanent).getLast().version();
        }
        store.deleteVersion(call.segment(1), version, permanent);
        return IntNode.valueOf(version);
    }

    private StoredSchema version(RegistryCall call, int subjectAt, int versionAt) {
        String subject = call.segment(subjectAt);
        int wanted = number(call.segment(versionAt));
        List<StoredSchema> versions = requireSubject(subject, call.flag("deleted"));
        if (wanted < 0) {
            return versions.getLast();
        }
        return store.find(
                () ->
                        store.state().versions(subject, call.flag("deleted")).stream()
                                .filter(it -> it.version() == wanted)
                                .findFirst(),
                () -> ProtocolException.noVersion(wanted));
    }

    private List<StoredSchema> requireSubject(String subject, boolean withDeleted) {
        return store.find(
                () ->
                        Optional.of(store.state().versions(subject, withDeleted))
                                .filter(found -> !found.isEmpty()),
                () -> ProtocolException.noSubject(subject));
    }

    /** A version's number; -1 for the latest, which may be written as -1 too. */
    private static int number(String text) {
        if (text.equals("latest") || text.equals("-1")) {
            return -1;
        }
        try {
            int number = Integer.parseInt(text);
            if (number < 1) {
                throw ProtocolException.invalidVersion(text);
            }
            return number;
        } catch (NumberFormatException _) {
            throw ProtocolException.invalidVersion(text);
        }
    }

    private JsonNode compatibility(RegistryCall call, boolean isOneVersion) {
        String subject = call.segment(2);
        Schema schema = schema(call);
        List<StoredSchema> earlier =
                isOneVersion
                        ? List.of(version(call, 2, 4))
                        : store.state().versions(subject, false);
        List<String> why = CompatibilityRule.violations(schema, earlier, store.level(subject));
        ObjectNode answer = JSON.objectNode().put("is_compatible", why.isEmpty());
        if (call.flag("verbose")) {
            why.forEach(answer.putArray("messages")::add);
        }
        return answer;
    }

    private static Schema schema(RegistryCall call) {
        if (call.flag("normalize")) {
            throw ProtocolException.invalidSchema("this registry does not normalise schemas");
        }
        JsonNode body = call.body();
        if (!body.path("schemaType").asText(StoredSchema.AVRO).equals(StoredSchema.AVRO)) {
            throw ProtocolException.invalidSchema("this registry knows the type AVRO only");
        }
        for (String feature : List.of("references", "metadata", "ruleSet", "schemaTagsToAdd")) {
            if (!body.path(feature).isEmpty()) {
                throw ProtocolException.invalidSchema("this registry knows no '" + feature + "'");
            }
        }
        if (body.path("id").asInt(-1) > 0) {
            throw ProtocolException.invalidSchema("this registry gives the ids itself");
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText(""));
        } catch (AvroRuntimeException e) {
            throw ProtocolException.invalidSchema(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode told(StoredSchema schema) {
        ObjectNode answer =
                JSON.objectNode()
                        .put("subject", schema.subject())
                        .put("version", schema.version())
                        .put("id", schema.id());
        copyKind(schema, answer);
        return answer.put("schema", schema.schema());
    }

    /** What another registry may have stored beside the text. */
    private static void copyKind(StoredSchema from, ObjectNode to) {
        for (String field : List.of("schemaType", "references")) {
            if (from.json().hasNonNull(field)) {
                to.set(field, from.json().get(field));
            }
        }
    }
}
