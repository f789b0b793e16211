package io.millrace.engine.cluster;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.schemas.registry.RegistryException;

/** The schema registry's failures as the engine's; their messages are one telling line already. */
public final class SchemaFailures {
    private SchemaFailures() {}

    public static MillraceException of(RegistryException error) {
        ErrorCode code =
                switch (error.kind()) {
                    case NOT_FOUND -> ErrorCode.NOT_FOUND;
                    case INCOMPATIBLE, INVALID -> ErrorCode.INVALID;
                    case DENIED -> ErrorCode.DENIED;
                    case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
                };
        return new MillraceException(code, "schema registry: " + error.getMessage(), error);
    }
}
