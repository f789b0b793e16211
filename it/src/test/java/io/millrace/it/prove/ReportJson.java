package io.millrace.it.prove;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import org.apache.kafka.common.utils.AppInfoParser;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as JSON, with what is needed to judge it elsewhere. */
final class ReportJson {
    private ReportJson() {}

    static void write(
            Path file, String proof, List<String> command, Instant startedAt, ProofReport report)
            throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("proof", proof);
        json.put("command", String.join(" ", command));
        json.put("startedAt", startedAt.toString());
        json.put("machine", Machine.describe());
        json.put("versions", Map.of("kafka", AppInfoParser.getVersion()));
        json.put("passed", report.passed());
        json.put("failed", report.failed());
        json.put("figures", report.figures());
        json.put("checks", report.checks());
        json.put("notes", report.notes());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), json);
    }
}
