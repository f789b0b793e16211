package io.millrace.connectors.table;

/** What happened to a row; the names are those of the event. */
enum RowOperation {
    INSERT("io.millrace.row.inserted"),
    MODIFY("io.millrace.row.modified"),
    REMOVE("io.millrace.row.removed"),
    READ("io.millrace.row.read");

    private final String eventType;

    RowOperation(String eventType) {
        this.eventType = eventType;
    }

    /** The type of the CloudEvent. */
    String eventType() {
        return eventType;
    }

    /** The operation of Debezium's letter. */
    static RowOperation of(String letter) {
        return switch (letter) {
            case "c" -> INSERT;
            case "u" -> MODIFY;
            case "d" -> REMOVE;
            case "r" -> READ;
            default ->
                    throw new UnmappableChangeException(
                            "The operation '" + letter + "' is not known; known are c, u, d and r");
        };
    }
}
