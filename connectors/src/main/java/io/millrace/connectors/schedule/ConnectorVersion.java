package io.millrace.connectors.schedule;

/** The version that the worker shows for the connector. */
final class ConnectorVersion {
    private ConnectorVersion() {}

    /** The version in the jar's manifest; "development" outside a jar. */
    static String get() {
        String version = ConnectorVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
