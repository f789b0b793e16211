package io.millrace.engine.cli;

import io.millrace.engine.inspect.ReadRequest;
import io.millrace.engine.inspect.RecordText;
import io.millrace.engine.inspect.TopicReader;
import io.millrace.engine.inspect.ValueReader;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;

/** Prints the records of a topic. */
@Command(
        name = "read",
        description = {
            "Prints the records of a topic, one per line, committed ones only.",
            "Avro values are shown as JSON, other bytes as base64."
        })
final class ReadCommand implements Runnable {
    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;
    @Mixin private final ReadOptions reading = new ReadOptions();

    @Parameters(index = "0", paramLabel = "TOPIC", description = "Topic to read.")
    private String topic = "";

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "End after N records; with --timeout, fewer are an error.")
    private long max = Long.MAX_VALUE;

    @Spec private CommandSpec spec;

    ReadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        if (max < 1) {
            throw MillraceException.invalid("--max", "" + max, "1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ReadRequest request = reading.request(topic);
        AtomicLong count = new AtomicLong();
        try (SchemaRegistryClient schemas = options.schemas()) {
            ValueReader values = new ValueReader(schemas, line -> err.println("millrace: " + line));
            RecordText text = new RecordText(values);
            new TopicReader(options.cluster(), surroundings.time())
                    .read(
                            request,
                            record -> {
                                out.println(line(text, record));
                                out.flush();
                                return count.incrementAndGet() < max && !out.checkError();
                            });
        }
        boolean isIncomplete = max < Long.MAX_VALUE && count.get() < max;
        if (isIncomplete && request.patience().isPresent()) {
            throw new MillraceException(
                    ErrorCode.UNAVAILABLE,
                    "only "
                            + count.get()
                            + " of "
                            + max
                            + " records came; nothing more arrived in time");
        }
    }

    private String line(RecordText text, ConsumerRecord<byte[], byte[]> record) {
        return reading.isJson() ? text.json(record) : text.line(record);
    }
}
