package io.millrace.connectors;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;

@AnalyzeClasses(
        packages = "io.millrace.connectors",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {
    @ArchTest
    static final ArchRule CONNECTORS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("io.millrace.connectors.(*)..")
                    .should()
                    .notDependOnEachOther()
                    .ignoreDependency(
                            resideInAPackage("io.millrace.connectors.."),
                            resideInAnyPackage(
                                    "io.millrace.connectors.cloudevents",
                                    "io.millrace.connectors.queue"))
                    // A store's notifications may come through a queue.
                    .ignoreDependency(
                            resideInAPackage("io.millrace.connectors.objectstore"),
                            resideInAPackage("io.millrace.connectors.sqs"))
                    .because("who has read one connector needs to read no other");

    @ArchTest
    static final ArchRule EVENTS_KNOW_NO_CONNECTOR =
            noClasses()
                    .that()
                    .resideInAPackage("io.millrace.connectors.cloudevents")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.millrace.connectors.objectstore..",
                            "io.millrace.connectors.queue..",
                            "io.millrace.connectors.sqs..",
                            "io.millrace.connectors.jms..",
                            "io.millrace.connectors.rabbitmq..",
                            "io.millrace.connectors.mqtt..",
                            "io.millrace.connectors.avro..")
                    .because("the shape of events is below every connector");

    @ArchTest
    static final ArchRule NO_GENERATED_CLASSES =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("io.millrace.schemas.ObjectEvent")
                    .because("the worker's converter serialises");

    @ArchTest
    static final ArchRule NO_PRODUCER =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching("org\\.apache\\.kafka\\.clients\\.producer\\..*Producer")
                    .because("the worker owns the producer and its transactions");

    @ArchTest
    static final ArchRule NO_THREADS =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.millrace.connectors.queue", "io.millrace.connectors.sqs")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(Thread.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Executors.class)
                    .because(
                            "the worker owns the threads, and nothing sleeps; only leases must be"
                                    + " extended while the worker waits");

    @ArchTest
    static final ArchRule NO_CLOCK =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .because("time comes in by constructor");

    @ArchTest
    static final ArchRule NO_STREAMS =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka.streams..", "io.millrace.engine..")
                    .because("topics are the only meeting point of connectors and engine");

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL =
            classes()
                    .that()
                    .areNotInterfaces()
                    .and()
                    .areTopLevelClasses()
                    .should()
                    .haveModifier(JavaModifier.FINAL)
                    .because("nothing here is made to be extended");

    @Test
    void shouldSkipNoTestAndSleepInNone() {
        JavaClasses tests =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.OnlyIncludeTests())
                        .importPackages("io.millrace.connectors");

        noMethods()
                .should()
                .beAnnotatedWith(Disabled.class)
                .because("a skipped test proves nothing")
                .check(tests);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .because("a test waits for a condition")
                .check(tests);
    }
}
