package io.millrace.engine.dev;

import java.util.Map;
import java.util.TreeMap;

/** What manifests that are deployed into an environment may refer to. */
public final class ManifestVariables {
    private ManifestVariables() {}

    /**
     * The addresses and credentials of an environment, above the variables of the process. The
     * names are those that AWS's own tools know.
     */
    public static Map<String, String> of(DevEnvironment environment, Map<String, String> process) {
        return of(
                environment.objectStoreUrl().toString(),
                environment.credentials(),
                environment.bootstrapServers(),
                environment.schemaRegistryUrl().toString(),
                process);
    }

    /** The same names before there is an environment, with values that only look right. */
    static Map<String, String> placeholders(Map<String, String> process) {
        return of(
                "http://127.0.0.1:9000",
                new StoreCredentials("placeholder", "placeholder"),
                "127.0.0.1:9092",
                "http://127.0.0.1:8081",
                process);
    }

    private static Map<String, String> of(
            String store,
            StoreCredentials credentials,
            String kafka,
            String registry,
            Map<String, String> process) {
        Map<String, String> variables = new TreeMap<>(process);
        variables.put("AWS_ENDPOINT_URL_S3", store);
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_ACCESS_KEY_ID", credentials.accessKey());
        variables.put("AWS_SECRET_ACCESS_KEY", credentials.secretKey());
        variables.put("S3_ENDPOINT", store);
        variables.put("S3_REGION", "us-east-1");
        variables.put("S3_ACCESS_KEY", credentials.accessKey());
        variables.put("S3_SECRET_KEY", credentials.secretKey());
        variables.put("KAFKA_BOOTSTRAP_SERVERS", kafka);
        variables.put("SCHEMA_REGISTRY_URL", registry);
        return variables;
    }
}
