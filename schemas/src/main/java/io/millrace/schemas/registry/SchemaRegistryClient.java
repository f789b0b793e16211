package io.millrace.schemas.registry;

import static io.millrace.schemas.registry.RegistryException.Kind.INVALID;
import static io.millrace.schemas.registry.RegistryException.Kind.NOT_FOUND;
import static io.millrace.schemas.registry.RegistryException.Kind.UNAVAILABLE;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Client of a schema registry that speaks Confluent's REST protocol.
 *
 * <ul>
 *   <li>What cannot change is cached: id to schema, subject and schema to id. Both caches are
 *       bounded.
 *   <li>A request is repeated over all URLs and a bounded number of times when no registry answered
 *       it; a refusal is never repeated.
 *   <li>Avro only. A schema with references to other subjects is refused.
 * </ul>
 *
 * Every method throws {@link RegistryException}. Threading: any thread; a call blocks its caller at
 * most (retries + 1) x URLs x timeout plus the waits between.
 */
public final class SchemaRegistryClient implements AutoCloseable {
    private final RegistryConfig config;
    private final RegistryHttp http;
    private final BoundedCache<Integer, Schema> byId;
    private final BoundedCache<SubjectSchema, Integer> registered;
    private final BoundedCache<SubjectSchema, RegisteredSchema> lookedUp;

    private record SubjectSchema(String subject, Schema schema) {}

    public SchemaRegistryClient(RegistryConfig config) {
        this(config, new Random());
    }

    SchemaRegistryClient(RegistryConfig config, RandomGenerator random) {
        this.config = config;
        this.http = new RegistryHttp(config, random);
        this.byId = new BoundedCache<>(config.cacheCapacity());
        this.registered = new BoundedCache<>(config.cacheCapacity());
        this.lookedUp = new BoundedCache<>(config.cacheCapacity());
    }

    /** Registers a schema under a subject, unless it is there already, and gives its id. */
    public int register(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Optional<Integer> known = registered.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        String what = "registering a schema under subject '" + subject + "'";
        JsonNode answer =
                http.post("/subjects/" + encode(subject) + "/versions", body(schema), what);
        int id = number(answer, "id", what);
        registered.put(key, id);
        return id;
    }

    /** The schema with this id. */
    public Schema schemaById(int id) {
        Optional<Schema> known = byId.find(id);
        if (known.isPresent()) {
            return known.get();
        }
        String what = "the schema with id " + id;
        Schema schema = schema(http.get("/schemas/ids/" + id, what), what);
        byId.put(id, schema);
        return schema;
    }

    /** The newest version of a subject; never from a cache. */
    public RegisteredSchema latest(String subject) {
        String what = "the latest schema of subject '" + subject + "'";
        return registered(
                http.get("/subjects/" + encode(subject) + "/versions/latest", what), what);
    }

    /** Version and id of a schema under its subject, without registering it. */
    public RegisteredSchema lookup(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Optional<RegisteredSchema> known = lookedUp.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        String what = "the version of a schema under subject '" + subject + "'";
        RegisteredSchema found =
                registered(http.post("/subjects/" + encode(subject), body(schema), what), what);
        lookedUp.put(key, found);
        return found;
    }

    /**
     * Whether the schema could follow the newest version of the subject under the subject's
     * compatibility level; true where the subject has no version yet.
     */
    public boolean isCompatible(String subject, Schema schema) {
        String what = "the compatibility of a schema with subject '" + subject + "'";
        String path = "/compatibility/subjects/" + encode(subject) + "/versions/latest";
        try {
            JsonNode verdict = http.post(path, body(schema), what).path("is_compatible");
            if (!verdict.isBoolean()) {
                throw unreadable(what, "is_compatible");
            }
            return verdict.booleanValue();
        } catch (RegistryException e) {
            if (e.kind() == NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    /** All subjects that have a version. */
    public List<String> subjects() {
        String what = "the list of subjects";
        JsonNode answer = http.get("/subjects", what);
        if (!answer.isArray()) {
            throw unreadable(what, "a list");
        }
        List<String> subjects = new ArrayList<>();
        answer.forEach(subject -> subjects.add(subject.asText()));
        return List.copyOf(subjects);
    }

    /** Ends waits between retries and lets go of connections. */
    @Override
    public void close() {
        http.close();
    }

    private RegisteredSchema registered(JsonNode answer, String what) {
        JsonNode subject = answer.path("subject");
        if (!subject.isTextual()) {
            throw unreadable(what, "subject");
        }
        return new RegisteredSchema(
                subject.textValue(),
                number(answer, "version", what),
                number(answer, "id", what),
                schema(answer, what));
    }

    private int number(JsonNode answer, String field, String what) {
        JsonNode number = answer.path(field);
        if (!number.canConvertToInt() || !number.isIntegralNumber()) {
            throw unreadable(what, field);
        }
        return number.intValue();
    }

    private Schema schema(JsonNode answer, String what) {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw refused(what, "is of type " + type, "only AVRO is read");
        }
        if (!answer.path("references").isEmpty()) {
            throw refused(
                    what,
                    "refers to other subjects",
                    "references are not read; register it with the named types written out");
        }
        JsonNode text = answer.path("schema");
        if (!text.isTextual()) {
            throw unreadable(what, "schema");
        }
        try {
            // What others registered is read as it is: names and defaults were theirs to choose.
            Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
            return parser.setValidateDefaults(false).parse(text.textValue());
        } catch (AvroRuntimeException e) {
            throw new RegistryException(
                    INVALID,
                    what
                            + " at "
                            + config.urls().get(0)
                            + " is no Avro schema: "
                            + Texts.oneLine(e),
                    e);
        }
    }

    private RegistryException refused(String what, String found, String advice) {
        return new RegistryException(
                INVALID, what + " at " + config.urls().get(0) + " " + found + "; " + advice);
    }

    private RegistryException unreadable(String what, String field) {
        return new RegistryException(
                UNAVAILABLE,
                "asked for "
                        + what
                        + ", "
                        + config.urls().get(0)
                        + " answered without '"
                        + field
                        + "'; check that '"
                        + RegistryConfig.URL
                        + "' names a schema registry");
    }

    private static String body(Schema schema) {
        return RegistryAnswer.JSON.createObjectNode().put("schema", schema.toString()).toString();
    }

    private static String encode(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
