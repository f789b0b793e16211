package io.millrace.connectors;

/** The version that the worker shows for each plugin of this archive. */
public final class PluginVersion {
    private PluginVersion() {}

    /** The version in the jar's manifest; "development" outside a jar. */
    public static String get() {
        String version = PluginVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
