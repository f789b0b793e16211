package io.millrace.connectors.avro;

/** What Avro has no word for, as properties of an Avro schema or parameters of a Connect schema. */
final class ConnectProperties {
    /** Avro property: int8 or int16, where Avro has only int. */
    static final String TYPE = "connect.type";

    /** Avro property: name of a Connect schema that is no record. */
    static final String NAME = "connect.name";

    /** Avro property: version of a Connect schema. */
    static final String VERSION = "connect.version";

    /** Avro property: parameters of a Connect schema. */
    static final String PARAMETERS = "connect.parameters";

    /** Connect parameter of a decimal: number of digits; Connect itself knows the scale only. */
    static final String DECIMAL_PRECISION = "connect.decimal.precision";

    /** Digits of a decimal whose schema does not tell. */
    static final int DEFAULT_PRECISION = 64;

    /** Connect parameter of a string that is an Avro enum: the enum's full name. */
    static final String ENUM = "io.millrace.avro.enum";

    /** Connect parameter of a string that is an Avro enum: its symbols, separated by commas. */
    static final String ENUM_SYMBOLS = "io.millrace.avro.enum.symbols";

    /** Connect parameter of bytes that are an Avro fixed: the type's full name. */
    static final String FIXED = "io.millrace.avro.fixed";

    /** Connect parameter of bytes that are an Avro fixed: their number. */
    static final String FIXED_SIZE = "io.millrace.avro.fixed.size";

    private ConnectProperties() {}
}
