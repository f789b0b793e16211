import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

import java.util.List;

/** Confluent's own registry client, asking the registry that the first argument names. */
public final class FlinkClientPeer {
    private static final String SUBJECT = "flink peer/1-value";
    private static final String V1 =
            "{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
    private static final String V2 =
            "{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}]}";
    private static final String BROKEN =
            "{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"c\",\"type\":\"int\"}]}";

    public static void main(String[] arguments) throws Exception {
        CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(arguments[0], 100);
        int first = client.register(SUBJECT, new AvroSchema(V1));
        print("first", first);
        // A second client has no cache: the server must recognise the schema.
        CachedSchemaRegistryClient fresh = new CachedSchemaRegistryClient(arguments[0], 100);
        print("again", fresh.register(SUBJECT, new AvroSchema(V1)));
        print("byId", fresh.getSchemaById(first).canonicalString().equals(V1));
        print("compatible", client.testCompatibility(SUBJECT, new AvroSchema(V2)));
        print("incompatible", client.testCompatibility(SUBJECT, new AvroSchema(BROKEN)));
        print("refused", failure(() -> client.register(SUBJECT, new AvroSchema(BROKEN))));
        int second = client.register(SUBJECT, new AvroSchema(V2));
        print("second", second);
        SchemaMetadata latest = client.getLatestSchemaMetadata(SUBJECT);
        print("latest", latest.getVersion() + "/" + (latest.getId() == second));
        print("latestSchema", latest.getSchema().equals(V2));
        print("version", fresh.getVersion(SUBJECT, new AvroSchema(V1)));
        print("id", fresh.getId(SUBJECT, new AvroSchema(V2)) == second);
        print("versions", client.getAllVersions(SUBJECT));
        print("subjects", client.getAllSubjects().contains(SUBJECT));
        print("subjectsById", client.getAllSubjectsById(first).contains(SUBJECT));
        print("level", client.updateCompatibility(SUBJECT, "FULL_TRANSITIVE"));
        print("levelRead", client.getCompatibility(SUBJECT));
        print("mode", client.getMode());
        print("missing", failure(() -> fresh.getSchemaById(999_999)));
        print("missingSubject", failure(() -> fresh.getLatestSchemaMetadata("nobody")));
        print("deletedVersion", client.deleteSchemaVersion(SUBJECT, "1"));
        List<Integer> deleted = client.deleteSubject(SUBJECT);
        print("deleted", deleted);
        print("gone", client.getAllSubjects().contains(SUBJECT));
        print(
                "stillById",
                new CachedSchemaRegistryClient(arguments[0], 9).getSchemaById(first) != null);
        print("deletedForGood", client.deleteSubject(SUBJECT, true));
        print(
                "goneForGood",
                failure(() ->
                        new CachedSchemaRegistryClient(arguments[0], 9).getSchemaById(second)));
    }

    private interface Call {
        Object run() throws Exception;
    }

    private static String failure(Call call) throws Exception {
        try {
            return "none: " + call.run();
        } catch (RestClientException e) {
            return e.getStatus() + "/" + e.getErrorCode();
        }
    }

    private static void print(String name, Object value) {
        System.out.println(name + "=" + value);
    }
}
