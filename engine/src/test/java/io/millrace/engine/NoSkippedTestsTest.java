package io.millrace.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;

import java.time.Duration;
import java.util.List;

/** Maven has no switch that makes a skipped test fail the build: this is it. */
@AnalyzeClasses(
        packages = "io.millrace.engine",
        importOptions = ImportOption.OnlyIncludeTests.class)
final class NoSkippedTestsTest {
    // By name: a class literal would make this class break its own rule.
    private static final String DISABLED = "org.junit.jupiter.api.Disabled";
    private static final String ASSUMPTIONS = "org.junit.jupiter.api.Assumptions";

    @ArchTest
    static final ArchRule NO_TEST_IS_SWITCHED_OFF =
            CompositeArchRule.of(
                    List.of(
                            noMethods()
                                    .should()
                                    .beAnnotatedWith(DISABLED)
                                    .because("a test that does not run proves nothing"),
                            noClasses()
                                    .should()
                                    .beAnnotatedWith(DISABLED)
                                    .because("a test that does not run proves nothing"),
                            noClasses()
                                    .should()
                                    .dependOnClassesThat()
                                    .haveFullyQualifiedName(ASSUMPTIONS)
                                    .because("a test that skips itself proves nothing")));

    @ArchTest
    static final ArchRule NO_TEST_SLEEPS =
            noClasses()
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", Duration.class)
                    .because("a test waits for a condition, or moves the clock");
}
