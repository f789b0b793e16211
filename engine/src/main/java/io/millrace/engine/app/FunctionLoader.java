package io.millrace.engine.app;

import io.millrace.engine.artifacts.ArtifactCache;
import io.millrace.engine.delivery.FunctionHandle;
import io.millrace.engine.execute.inprocess.InProcessInvoker;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.payload.OutputEncoder;
import io.millrace.engine.payload.SchemaRegistration;
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
    private final Path scratch;
    private final TimeSource time;

    FunctionLoader(
            ArtifactCache artifacts, SchemaRegistration schemas, Path scratch, TimeSource time) {
        this.artifacts = artifacts;
        this.schemas = schemas;
        this.scratch = scratch;
        this.time = time;
    }

    /**
     * Each trigger has an environment of its own, whose results are registered for its topic.
     *
     * @throws io.millrace.engine.model.MillraceException when the package or the class is at fault
     */
    FunctionHandle load(FunctionSpec spec, Trigger trigger) {
        Path code = artifacts.fetch(spec.codeSha256());
        var encoder = new OutputEncoder(trigger.destinations().results(), schemas);
        return new FunctionHandle(
                spec,
                InProcessInvoker.create(
                        spec, code, scratch, encoder::encode, PartialAnswers.of(trigger), time));
    }
}
