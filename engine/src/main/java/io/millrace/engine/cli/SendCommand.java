package io.millrace.engine.cli;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.inspect.TopicSender;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes one record to a topic. */
@Command(name = "send", description = "Writes one record to a topic.")
final class SendCommand implements Runnable {
    private final Surroundings surroundings;
    @Mixin private final ClusterOptions options;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "Topic to write to; must exist.")
    private String topic = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "Text of the value; '-' reads it from standard input.")
    private @Nullable String value;

    @Option(names = "--key", paramLabel = "KEY", description = "Text of the key.")
    private @Nullable String key;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--file", paramLabel = "FILE", description = "File whose bytes are the value.")
    private @Nullable Path file;

    @Spec private CommandSpec spec;

    SendCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new ClusterOptions(surroundings);
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        Payload payload = payload();
        List<Header> extra = new ArrayList<>();
        headers.forEach((name, text) -> extra.add(Header.of(name, text)));
        Payload keyBytes = key == null ? Payload.NULL : Payload.of(key);
        String where = TopicSender.send(options.cluster(), topic, keyBytes, payload, extra);
        spec.commandLine().getOut().println("sent " + where);
    }

    private Payload payload() {
        String text = value;
        Path path = file;
        if ((text == null) == (path == null)) {
            throw new MillraceException(
                    ErrorCode.INVALID, "give the value either as an argument or by --file");
        }
        try {
            if (path != null) {
                requireSize(Files.size(path), path.toString());
                return Payload.of(Files.readAllBytes(path));
            }
            return "-".equals(text) ? fromInput() : Payload.of(String.valueOf(text));
        } catch (NoSuchFileException e) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "file '" + path + "' does not exist", e);
        } catch (IOException e) {
            throw new MillraceException(ErrorCode.DENIED, "cannot read the value: " + e, e);
        }
    }

    private Payload fromInput() throws IOException {
        byte[] bytes = surroundings.in().readNBytes(Cluster.MAX_RECORD_BYTES + 1);
        requireSize(bytes.length, "standard input");
        return Payload.of(bytes);
    }

    private static void requireSize(long size, String where) {
        if (size > Cluster.MAX_RECORD_BYTES) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "'" + where + "' is larger than " + Cluster.MAX_RECORD_BYTES + " bytes");
        }
    }
}
