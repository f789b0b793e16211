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
        Map<String, String> variables = new TreeMap<>(process);
        variables.put("AWS_ENDPOINT_URL_S3", environment.objectStoreUrl().toString());
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_ACCESS_KEY_ID", environment.credentials().accessKey());
        variables.put("AWS_SECRET_ACCESS_KEY", environment.credentials().secretKey());
        variables.put("S3_ENDPOINT", environment.objectStoreUrl().toString());
        variables.put("S3_REGION", "us-east-1");
        variables.put("S3_ACCESS_KEY", environment.credentials().accessKey());
        variables.put("S3_SECRET_KEY", environment.credentials().secretKey());
        variables.put("KAFKA_BOOTSTRAP_SERVERS", environment.bootstrapServers());
        variables.put("SCHEMA_REGISTRY_URL", environment.schemaRegistryUrl().toString());
        return variables;
    }
}
