package io.millrace.engine.execute;

import io.millrace.engine.model.AttemptEnd;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.Payload;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes of the events of an invocation the one document of JSON that its handler takes.
 *
 * <p>Threading: any pool thread; never throws.
 */
@FunctionalInterface
public interface EventDocuments {
    Rendered render(Invocation invocation);

    /**
     * What the handler is given.
     *
     * @param json the document; means nothing if no event is in it and no window is closed
     * @param faults one per event of the invocation: why it is not in the document
     * @param answers what an answer of the handler in Lambda's form means: one end per event in the
     *     document, or the failure of all
     */
    record Rendered(
            Payload json, List<Optional<Failure>> faults, Function<String, AttemptEnd> answers) {
        public Rendered {
            faults = List.copyOf(faults);
        }
    }
}
