/**
 * What the author of a function sees. Needs nothing but the JDK; the annotations of JSpecify are
 * for tools at compile time only.
 */
@org.jspecify.annotations.NullMarked
module io.millrace.functions {
    requires static transitive org.jspecify;

    exports io.millrace.functions;
    exports io.millrace.functions.events;
}
