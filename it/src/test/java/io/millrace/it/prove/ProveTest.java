package io.millrace.it.prove;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

class ProveTest {
    private static final Check GOOD = Check.equal("one is one", 1, 1);
    private static final Check BAD = Check.equal("one is two", 2, 1);

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** A proof with a result that is known before. */
    private record Known(ProofReport result) implements Proof {
        @Override
        public String name() {
            return "known";
        }

        @Override
        public String summary() {
            return "what is known";
        }

        @Override
        public List<Option> options() {
            return List.of(new Option("--throw", "TEXT", "Fail with it."));
        }

        @Override
        public ProofReport run(ProofOptions options) throws IOException {
            if (options.has("--throw")) {
                throw new IOException(options.value("--throw").orElseThrow());
            }
            return result;
        }
    }

    @Test
    void shouldRefuseANameThatIsNotKnown() {
        assertThat(run(GOOD, "unknown")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("prove: 'unknown' is not known; allowed: known");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldRefuseAnOptionThatIsNotKnownOrLacksItsValue() {
        assertThat(run(GOOD, "known", "--fast")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("prove: option '--fast' is not known; allowed: --throw, --json");
        assertThat(run(GOOD, "known", "--json")).isEqualTo(2);
    }

    @Test
    void shouldFailWhenACheckFails() {
        assertThat(run(BAD, "known")).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED  one is two").contains("expected: 2");
        assertThat(out.toString().lines().toList().getLast()).isEqualTo("1 passed, 1 failed");
    }

    @Test
    void shouldFailWhenTheProofThrows() {
        assertThat(run(GOOD, "known", "--throw", "no disk")).isEqualTo(1);
        assertThat(out.toString()).contains("no disk");
        assertThat(out.toString().lines().toList().getLast()).isEqualTo("0 passed, 1 failed");
    }

    @Test
    void shouldFailWhenNothingWasChecked() {
        Prove prove = prove(new ProofReport(List.of(), List.of()));

        assertThat(prove.run(List.of("known"))).isEqualTo(1);
    }

    @Test
    void shouldFailWhenTheFiguresCannotBeWritten() {
        assertThat(run(GOOD, "known", "--json", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("cannot be written");
    }

    @Test
    void shouldWriteWhatIsNeededToJudgeIt() throws IOException {
        Path file = folder.resolve("figures.json");

        assertThat(run(GOOD, "known", "--json", file.toString())).isZero();

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.path("machine").path("cores").asInt()).isPositive();
        assertThat(json.path("machine").path("memoryMb").asInt()).isPositive();
        assertThat(json.path("machine").path("jdk").asText()).contains("25");
        assertThat(json.path("versions").path("kafka").asText()).isNotEmpty();
        assertThat(json.path("command").asText()).startsWith("it/prove known --json");
        assertThat(json.path("passed").asInt()).isEqualTo(2);
        assertThat(json.path("checks").path(1).path("found").asText()).isEqualTo("1");
        assertThat(json.path("figures").path(0).path("unit").asText()).isEqualTo("s");
    }

    @Test
    void shouldRefuseAPartThatIsNotKnown() {
        Prove all = new Prove(Prove.all(), new PrintWriter(out, true), new PrintWriter(err, true));

        assertThat(all.run(List.of("sources", "nonsense"))).isEqualTo(2);

        assertThat(err.toString()).contains("'nonsense' is not known; allowed: plugins");
    }

    @Test
    void shouldListEveryProofWithOneLine() {
        Prove all = new Prove(Prove.all(), new PrintWriter(out, true), new PrintWriter(err, true));

        assertThat(all.run(List.of())).isZero();

        assertThat(out.toString()).contains("  demo ").contains("  fresh ");
    }

    private int run(Check check, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return prove(new ProofReport(List.of(GOOD, check), List.of(new Figure("took", 1.5, "s"))))
                .run(List.of(arguments));
    }

    private Prove prove(ProofReport report) {
        return new Prove(
                List.of(new Known(report)), new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
