package io.millrace.engine.app;

import io.millrace.engine.artifacts.ArtifactCache;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.execute.inprocess.InProcessInvoker;
import io.millrace.engine.execute.inprocess.InProcessInvoker.Delivery;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.payload.OutputEncoder;
import io.millrace.engine.payload.SchemaRegistration;
import io.millrace.engine.render.RenderSettings;
import io.millrace.engine.time.TimeSource;

import java.nio.file.Path;

/**
 * Makes a function ready to run: fetches its package and loads its handler.
 *
 * <p>Threading: any thread.
 */
final class FunctionLoader {
    private final ArtifactCache artifacts;
    private final SchemaRegistration schemas;
    private final EngineConfig config;
    private final TimeSource time;

    FunctionLoader(
            ArtifactCache artifacts,
            SchemaRegistration schemas,
            EngineConfig config,
            TimeSource time) {
        this.artifacts = artifacts;
        this.schemas = schemas;
        this.config = config;
        this.time = time;
    }

    /**
     * Each trigger has an environment of its own, whose results are registered for its topic.
     *
     * @param appendTimes whether the broker sets the timestamps of the source topic
     * @throws io.millrace.engine.model.MillraceException when the package or the class is at fault
     */
    FunctionHandle load(FunctionSpec spec, Trigger trigger, boolean appendTimes) {
        Path code = artifacts.fetch(spec.codeSha256());
        var encoder = new OutputEncoder(trigger.destinations().results(), schemas);
        return new FunctionHandle(
                spec,
                InProcessInvoker.create(
                        spec,
                        code,
                        config.stateDir().resolve("functions"),
                        encoder::encode,
                        delivery(trigger, appendTimes),
                        time));
    }

    private Delivery delivery(Trigger trigger, boolean appendTimes) {
        if (!trigger.intake().eventFormat().isDocument()) {
            return new Delivery.Records(PartialAnswers.of(trigger));
        }
        return new Delivery.Document(
                new RenderedEvents(
                        trigger,
                        new RenderSettings(
                                trigger.id(),
                                trigger.function(),
                                trigger.sourceTopic(),
                                appendTimes,
                                config.bootstrapServers(),
                                config.aws())));
    }
}
