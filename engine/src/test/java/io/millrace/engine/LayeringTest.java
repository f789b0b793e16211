package io.millrace.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;

import io.millrace.schemas.EventHeaders;

import org.jspecify.annotations.NullMarked;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Who may know whom. A room is a step of delivery with one task; see the package comments. */
@AnalyzeClasses(
        packages = "io.millrace.engine",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {
    private static final String ENGINE = "io.millrace.engine.";
    private static final String EVERYTHING = "io.millrace.engine..";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String[] ROOMS =
            in("lane", "decode", "filter", "render", "payload", "execute", "outcome", "sink");

    /** What every room may use. */
    private static final List<String> GROUND =
            List.of("java..", "org.slf4j..", "org.jspecify..", ENGINE + "model", ENGINE + "time");

    @ArchTest
    static final ArchRule ROOMS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching(ENGINE + "(lane|decode|filter|render|payload|execute|outcome|sink)..")
                    .should()
                    .notDependOnEachOther()
                    .because("what one room says to another goes through delivery or topology");

    @ArchTest
    static final ArchRule ROOMS_AND_DELIVERY_ARE_FREE_OF_KAFKA =
            noClasses()
                    .that()
                    .resideInAnyPackage(ROOMS)
                    .or()
                    .resideInAnyPackage(
                            in("delivery", "model", "time", "avro", "config", "manifest"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(KAFKA)
                    .because("they run in the simulation, without a broker");

    @ArchTest
    static final ArchRule ROOMS_STAND_ON_THE_GROUND_FLOOR =
            CompositeArchRule.of(
                    List.of(
                            only("lane"),
                            only("outcome", "com.fasterxml.jackson.."),
                            only(
                                    "sink",
                                    EventHeaders.class.getPackageName(),
                                    "com.fasterxml.jackson.core.."),
                            only(
                                    "decode",
                                    "io.millrace.schemas.registry",
                                    "com.fasterxml.jackson..",
                                    "org.apache.avro.."),
                            only(
                                    "filter",
                                    "com.fasterxml.jackson..",
                                    "software.amazon.event.ruler..",
                                    "org.apache.avro.."),
                            only(
                                    "payload",
                                    "io.millrace.schemas.registry",
                                    "com.fasterxml.jackson..",
                                    "org.apache.avro.."),
                            only(
                                    "render",
                                    ENGINE + "avro",
                                    EventHeaders.class.getPackageName(),
                                    "com.fasterxml.jackson.."),
                            only(
                                    "execute",
                                    ENGINE + "avro",
                                    "io.millrace.functions..",
                                    "com.fasterxml.jackson..",
                                    "org.apache.avro..")));

    @ArchTest
    static final ArchRule ONLY_WHO_JOINS_ROOMS_KNOWS_THEM =
            noClasses()
                    .that(not(resideInAnyPackage(ROOMS)))
                    .and()
                    // Handlers and filters are checked before they are deployed.
                    .resideOutsideOfPackages(in("delivery", "topology", "app", "cli", "manifest"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ROOMS)
                    .because("a room that is known everywhere cannot be changed");

    @ArchTest
    static final ArchRule AVRO_TREES_ARE_KNOWN_TO_WHO_HANDS_EVENTS_OVER =
            knownOnlyTo("avro", "execute", "render");

    @ArchTest
    static final ArchRule DELIVERY_IS_KNOWN_TO_TOPOLOGY_AND_APP =
            knownOnlyTo("delivery", "topology", "app");

    @ArchTest
    static final ArchRule OFFSETS_ARE_KNOWN_TO_WHO_JOINS_THEM =
            knownOnlyTo("offsets", "delivery", "topology", "app", "operations");

    @ArchTest static final ArchRule TOPOLOGY_IS_KNOWN_TO_APP = knownOnlyTo("topology", "app");

    @ArchTest static final ArchRule APP_IS_KNOWN_TO_THE_COMMAND_LINE = knownOnlyTo("app", "cli");

    @ArchTest static final ArchRule DEV_IS_KNOWN_TO_THE_COMMAND_LINE = knownOnlyTo("dev", "cli");

    @ArchTest static final ArchRule NOBODY_KNOWS_THE_COMMAND_LINE = knownOnlyTo("cli");

    @ArchTest
    static final ArchRule OFFSETS_KNOW_NO_ROOM =
            noClasses()
                    .that()
                    .resideInAPackage(ENGINE + "offsets")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage(EVERYTHING)
                                    .and(not(resideInAnyPackage(in("offsets", "model", "time")))))
                    .because("what is committed does not depend on how it came about");

    @ArchTest
    static final ArchRule STREAMS_STAY_AT_THE_EDGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in("topology", "offsets", "app"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka.streams..")
                    .because("Kafka Streams is how we run, not what we do");

    @ArchTest
    static final ArchRule TRACKER_AND_CODEC_ARE_FREE_OF_KAFKA =
            noClasses()
                    .that()
                    .resideInAPackage(ENGINE + "offsets")
                    .and()
                    .haveNameNotMatching(".*\\.(Watermark|Forwarding|ThreadClients|Commit).*")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(KAFKA)
                    .because("they run in the simulation, and wrappers are thin");

    @ArchTest
    static final ArchRule SERVERS_OF_KAFKA_RUN_IN_DEV_ONLY =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in("dev"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "kafka..",
                            "org.apache.kafka.server..",
                            "org.apache.kafka.network..",
                            "org.apache.kafka.metadata..",
                            "org.apache.kafka.connect..")
                    .because("a node needs clients only");

    @ArchTest
    static final ArchRule GENERATED_RECORDS_STAY_WHERE_TOPICS_ARE_READ_AND_WRITTEN =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            in("topology", "registry", "app", "inspect", "operations", "dev"))
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.millrace.schemas")
                                    .and(not(equivalentTo(EventHeaders.class))))
                    .because("everything else speaks the model");

    @ArchTest
    static final ArchRule ONLY_IN_PROCESS_ENVIRONMENTS_KNOW_THE_SDK =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ENGINE + "execute.inprocess")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.millrace.functions..")
                    .because("functions may run elsewhere one day");

    @ArchTest
    static final ArchRule HTTP_STAYS_AT_THE_EDGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in("deploy", "dev", "metrics"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.net.http..", "com.sun.net.httpserver..")
                    .because("delivery talks to Kafka alone");

    @ArchTest
    static final ArchRule MODEL_AND_TIME_USE_NOTHING_OF_OURS =
            CompositeArchRule.of(
                    List.of(
                            onlyOn("model", "java..", "org.jspecify.."),
                            onlyOn("time", "java..", "org.jspecify.."),
                            only("avro", "com.fasterxml.jackson..", "org.apache.avro.."),
                            noClasses()
                                    .that()
                                    .resideInAPackage(ENGINE + "config")
                                    .should()
                                    .dependOnClassesThat(
                                            resideInAPackage(EVERYTHING)
                                                    .and(
                                                            not(
                                                                    resideInAnyPackage(
                                                                            in(
                                                                                    "config",
                                                                                    "model")))))
                                    .because("everybody may use them")));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching(ENGINE + "(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("packages in a cycle are one package");

    @ArchTest
    static final ArchRule ONLY_TIME_READS_THE_CLOCK =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ENGINE + "time")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.time.Clock")
                    .because("a test must be able to move the clock; take a TimeSource");

    @ArchTest
    static final ArchRule NOTHING_SLEEPS =
            noClasses()
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class, int.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", Duration.class)
                    .because("a time is noted and looked at, or a condition waited for");

    @ArchTest
    static final ArchRule THREADS_ARE_MADE_IN_FEW_PLACES =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in("execute", "app", "cli", "dev"))
                    .should()
                    .callMethod(Thread.class, "ofVirtual")
                    .orShould()
                    .callMethod(Thread.class, "ofPlatform")
                    .orShould()
                    .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class)
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class, String.class)
                    .orShould()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "java\\.util\\.concurrent\\."
                                    + "(Executors|ForkJoinPool|.*ThreadPoolExecutor)")
                    .because("who makes a thread has to end it");

    @ArchTest
    static final ArchRule RANDOMNESS_COMES_IN_FROM_OUTSIDE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in("app", "cli", "dev"))
                    .should()
                    .callMethod(Math.class, "random")
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .orShould()
                    .callMethod(RandomGenerator.class, "getDefault")
                    .orShould()
                    .callMethod(RandomGenerator.class, "of", String.class)
                    .orShould()
                    .dependOnClassesThat()
                    .haveNameMatching("java\\.(util|security)\\..*Random")
                    .because("the same seed must give the same run");

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL =
            classes()
                    .that()
                    .areNotInterfaces()
                    .and()
                    .areNotEnums()
                    .and()
                    .areTopLevelClasses()
                    .and()
                    .haveNameNotMatching(".*\\.package-info")
                    .and()
                    .haveNameNotMatching(".*\\.offsets\\.Forwarding.*")
                    .should()
                    .haveModifier(FINAL)
                    .andShould()
                    .notHaveModifier(ABSTRACT)
                    .because(
                            "we join by having, not by being; Forwarding... classes have no logic");

    @ArchTest
    static void packagesShouldBeNullMarked(JavaClasses engine) {
        List<String> unmarked =
                engine.stream()
                        .map(type -> type.getPackage())
                        .distinct()
                        .filter(type -> !isNullMarked(type))
                        .map(JavaPackage::getName)
                        .toList();
        assertThat(unmarked).as("packages whose nulls nobody checks").isEmpty();
    }

    private static boolean isNullMarked(JavaPackage type) {
        return type.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }

    private static ArchRule only(String room, String... more) {
        return onlyOn(room, Stream.concat(GROUND.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private static ArchRule onlyOn(String name, String... allowed) {
        String[] own = in(name);
        return classes()
                .that()
                .resideInAnyPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(Stream.of(own), Stream.of(allowed)).toArray(String[]::new))
                .because("'" + name + "' has one task and needs no more for it");
    }

    private static ArchRule knownOnlyTo(String name, String... friends) {
        String[] allowed =
                in(Stream.concat(Stream.of(name), Stream.of(friends)).toArray(String[]::new));
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in(name))
                .because("'" + name + "' joins what is below it; below, nobody may need it");
    }

    private static String[] in(String... names) {
        return Stream.of(names).map(name -> ENGINE + name + "..").toArray(String[]::new);
    }
}
