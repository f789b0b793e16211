package io.millrace.it.prove;

import io.millrace.it.harness.ChildProcess;
import io.millrace.it.harness.Launcher;
import io.millrace.it.harness.Scratch;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * The simulation of the delivery core, with as many schedules as wanted: the engine's own test in a
 * build of its own.
 */
final class SimulationProof implements Proof {
    private static final String SCHEDULES = "--schedules";
    private static final String SEED = "--seed";
    private static final String TEST = "DeliverySimulationTest";
    private static final String REPORT =
            "engine/target/surefire-reports/TEST-io.millrace.engine.simulation." + TEST + ".xml";
    private static final Duration LIMIT = Duration.ofHours(12);

    @Override
    public String name() {
        return "simulation";
    }

    @Override
    public String summary() {
        return "random histories of the delivery core, and faults put in that must be found";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(SCHEDULES, "N", "Histories to play (default 1000000)."),
                new Option(SEED, "N", "The first one's seed (default 0)."));
    }

    @Override
    public ProofReport run(ProofOptions options)
            throws IOException, SAXException, ParserConfigurationException {
        long schedules = number(options, SCHEDULES, 1_000_000);
        long seed = number(options, SEED, 0);
        Launcher here = Launcher.ofThisCheckout();
        Path report = here.home().resolve(REPORT);
        Files.deleteIfExists(report);
        try (Scratch scratch = Scratch.make("prove-simulation");
                ChildProcess build =
                        here.run(
                                scratch.folder("output"),
                                "./mvnw",
                                "-q",
                                "test",
                                "-pl",
                                "engine",
                                "-am",
                                "-Dtest=" + TEST,
                                "-Dsurefire.failIfNoSpecifiedTests=false",
                                "-Dexec.skip",
                                "-Dcheckstyle.skip",
                                "-Denforcer.skip",
                                "-Dmillrace.schedules=" + schedules,
                                "-Dmillrace.seed=" + seed)) {
            OptionalInt code = build.awaitExit(LIMIT);
            if (!Files.exists(report)) {
                return new ProofReport(
                        List.of(Check.equal("the build", OptionalInt.of(0), code)), List.of());
            }
            return judged(report, schedules);
        }
    }

    private static long number(ProofOptions options, String name, long fallback) {
        String text = options.value(name).orElse(Long.toString(fallback));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("'" + name + "' is '" + text + "'; a number");
        }
    }

    private static ProofReport judged(Path report, long schedules)
            throws IOException, SAXException, ParserConfigurationException {
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        NodeList cases = document.getElementsByTagName("testcase");
        var faults = new ArrayList<String>();
        int mutants = 0;
        double seconds = 0;
        for (int i = 0; i < cases.getLength(); i++) {
            var test = (Element) cases.item(i);
            boolean isMutant = test.getAttribute("name").contains("Mutant");
            mutants += isMutant ? 1 : 0;
            seconds += isMutant ? 0 : Double.parseDouble(test.getAttribute("time"));
            var failures = test.getElementsByTagName("failure");
            if (failures.getLength() > 0) {
                String text = failures.item(0).getTextContent();
                faults.add(test.getAttribute("name") + ": " + text.lines().limit(4).toList());
            }
        }
        return new ProofReport(
                List.of(
                        Check.none("schedules and faults put in", "as they should be", faults),
                        new Check(
                                "tests that were run",
                                "the schedules, and each fault",
                                (cases.getLength() - mutants) + ", " + mutants,
                                cases.getLength() > mutants && mutants > 0)),
                List.of(
                        new Figure("schedules", schedules, ""),
                        new Figure("time", seconds, "s"),
                        new Figure("faults put in", mutants, "")));
    }
}
