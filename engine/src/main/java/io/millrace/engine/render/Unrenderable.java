package io.millrace.engine.render;

/** Why a record has no place in the wanted form; a value at the border of this room. */
final class Unrenderable extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Names what is missing or wrong, never the value found.
     *
     * @param reason goes behind "the event cannot be rendered as X: "
     */
    Unrenderable(String reason) {
        super(reason, null, false, false);
    }
}
