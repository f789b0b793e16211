package io.millrace.engine.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.millrace.engine.inspect.MeteredAttempt;
import io.millrace.engine.inspect.MeteringReader;
import io.millrace.engine.inspect.MeteringTotals;
import io.millrace.schemas.registry.SchemaRegistryClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** Prints what functions used. */
@Command(
        name = "metering",
        description = {
            "Prints what every attempt used, and the totals.",
            "The cost is what AWS Lambda's public prices would make of it (x86)."
        })
final class MeteringCommand implements Runnable {
    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;
    @Mixin private final ReadOptions reading = new ReadOptions();
    @Spec private CommandSpec spec;

    MeteringCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        AtomicReference<MeteringTotals> sum = new AtomicReference<>(MeteringTotals.ZERO);
        try (SchemaRegistryClient schemas = options.schemas()) {
            MeteringReader reader =
                    new MeteringReader(
                            options.cluster(), options.names(), schemas, surroundings.time());
            if (reading.isFollowing()) {
                reader.follow(
                        reading.start(), reading.patience(), attempt -> print(out, sum, attempt));
            } else {
                var _ = reading.patience();
                reader.read(reading.start(), attempt -> print(out, sum, attempt));
            }
        }
        out.println(reading.isJson() ? json(sum.get()) : line(sum.get()));
    }

    private boolean print(
            PrintWriter out, AtomicReference<MeteringTotals> sum, MeteredAttempt attempt) {
        sum.set(sum.get().plus(attempt));
        out.println(reading.isJson() ? json(attempt) : line(attempt));
        return !out.checkError();
    }

    private static String line(MeteredAttempt attempt) {
        MeteredAttempt.Where where = attempt.where();
        MeteredAttempt.Usage usage = attempt.usage();
        return String.format(
                Locale.ROOT,
                "%s %s:%s trigger=%s %s@%d events=%d attempt=%d %s duration=%.3fms billed=%dms"
                        + " memory=%dMB init=%dms node=%s request=%s",
                attempt.startedAt(),
                where.function(),
                where.version(),
                where.trigger(),
                where.source(),
                where.firstOffset(),
                attempt.events(),
                attempt.attempt(),
                attempt.outcome(),
                usage.duration().toNanos() / 1e6,
                usage.billed().toMillis(),
                usage.memoryMb(),
                usage.init().toMillis(),
                where.node(),
                attempt.requestId());
    }

    private static String json(MeteredAttempt attempt) {
        MeteredAttempt.Where where = attempt.where();
        MeteredAttempt.Usage usage = attempt.usage();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("startedAt", attempt.startedAt().toString());
        node.put("function", where.function());
        node.put("version", where.version());
        node.put("trigger", where.trigger());
        node.put("source", where.source());
        node.put("firstOffset", where.firstOffset());
        node.put("events", attempt.events());
        node.put("attempt", attempt.attempt());
        node.put("outcome", attempt.outcome());
        node.put("durationNanos", usage.duration().toNanos());
        node.put("billedMillis", usage.billed().toMillis());
        node.put("memoryMb", usage.memoryMb());
        node.put("initMillis", usage.init().toMillis());
        node.put("node", where.node());
        node.put("requestId", attempt.requestId());
        return node.toString();
    }

    private static String line(MeteringTotals totals) {
        return String.format(
                Locale.ROOT,
                "total attempts=%d billed=%dms gb-seconds=%s lambda-cost=$%s",
                totals.attempts(),
                totals.billedMillis(),
                totals.gbSeconds().setScale(6, RoundingMode.HALF_UP).toPlainString(),
                totals.lambdaCostUsd().toPlainString());
    }

    private static String json(MeteringTotals totals) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode total = node.putObject("total");
        total.put("attempts", totals.attempts());
        total.put("billedMillis", totals.billedMillis());
        total.put("gbSeconds", totals.gbSeconds());
        total.put("lambdaCostUsd", totals.lambdaCostUsd());
        return node.toString();
    }
}
