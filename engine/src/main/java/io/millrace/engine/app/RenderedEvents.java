package io.millrace.engine.app;

import io.millrace.engine.execute.EventDocuments;
import io.millrace.engine.model.BatchPolicy.PartialAnswer;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Invocation;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.outcome.BatchItemFailures.Form;
import io.millrace.engine.outcome.BatchItemFailures.Naming;
import io.millrace.engine.render.EventRenderer;
import io.millrace.engine.render.RenderSettings;
import io.millrace.engine.render.Rendering;

/** Joins the documents of a trigger with the answers to them. Threading: any thread. */
final class RenderedEvents implements EventDocuments {
    private final EventRenderer renderer;
    private final Form form;
    private final boolean isCheckpoint;
    private final boolean hasWindows;

    RenderedEvents(Trigger trigger, RenderSettings settings) {
        EventFormat format = trigger.intake().eventFormat();
        this.renderer = new EventRenderer(format, settings);
        this.form = formOf(format);
        this.isCheckpoint = trigger.batch().answer() == PartialAnswer.CHECKPOINT;
        this.hasWindows = trigger.batch().tumbling().isPresent();
    }

    private static Form formOf(EventFormat format) {
        return switch (format) {
            case KINESIS, DYNAMODB -> Form.STREAM;
            case KAFKA -> Form.KAFKA;
            case SQS, SNS, S3, SCHEDULED, RECORD -> Form.QUEUE;
        };
    }

    @Override
    public Rendered render(Invocation invocation) {
        Rendering rendering =
                renderer.render(invocation.events(), invocation.attempt(), invocation.window());
        var naming = new Naming(form, rendering.identifiers(), isCheckpoint);
        return new Rendered(
                rendering.json(),
                rendering.faults(),
                answer -> PartialAnswers.read(answer, naming, hasWindows));
    }
}
