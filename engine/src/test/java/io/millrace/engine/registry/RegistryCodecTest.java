package io.millrace.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Activity;
import io.millrace.engine.model.BatchPolicy;
import io.millrace.engine.model.Destinations;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.LoadPolicy;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.model.ValueFormat;
import io.millrace.engine.model.WindowPolicy;
import io.millrace.schemas.FunctionVersion;
import io.millrace.schemas.TriggerDefinition;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;

class RegistryCodecTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final int ROUNDS = 300;

    @Test
    void shouldGiveBackEveryFunctionItWasGiven() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            FunctionSpec function = function(new Random(seed));
            Deployment deployment = new Deployment(function, seed, "text " + seed, List.of());

            FunctionVersion read = RegistryCodec.encode(deployment, NOW);

            assertThat(RegistryCodec.decode(read)).as("seed %d", seed).isEqualTo(function);
            assertThat(read.getCodeSize()).isEqualTo(seed);
            assertThat(read.getModifiedAt()).isEqualTo(NOW);
        }
    }

    @Test
    void shouldGiveBackEveryTriggerItWasGiven() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Trigger trigger = trigger(new Random(seed));

            TriggerDefinition read = RegistryCodec.encode(trigger, NOW);

            assertThat(RegistryCodec.decode(read)).as("seed %d", seed).isEqualTo(trigger);
        }
    }

    @Test
    void shouldRefuseAFormatThatIsNotKnown() {
        TriggerDefinition unknown =
                TriggerDefinition.newBuilder(
                                RegistryCodec.encode(
                                        Samples.trigger(1, 1, RetryPolicy.DEFAULT), NOW))
                        .setFormat("PROTOBUF")
                        .build();

        assertThatThrownBy(() -> RegistryCodec.decode(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PROTOBUF");
    }

    static FunctionSpec function(Random random) {
        Map<String, String> environment = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            environment.put("NAME_" + i, text(random));
        }
        return new FunctionSpec(
                new FunctionName("f" + random.nextInt(1000)),
                random.nextBoolean() ? FunctionSpec.LATEST : "" + random.nextInt(1, 99),
                "io.example.Handler" + random.nextInt(9),
                "%064x".formatted(random.nextLong(Long.MAX_VALUE)),
                Duration.ofMillis(random.nextLong(1, 900_000)),
                random.nextInt(128, 10_240),
                environment);
    }

    static Trigger trigger(Random random) {
        Duration first = Duration.ofMillis(random.nextInt(1000));
        LanePolicy lanes =
                switch (anyOf(random, LanePolicy.Order.values())) {
                    case KEY -> LanePolicy.byKey(random.nextInt(65_536));
                    case PARTITION -> LanePolicy.BY_PARTITION;
                    case NONE -> LanePolicy.UNORDERED;
                };
        return new Trigger(
                new TriggerId("t" + random.nextInt(1000)),
                "topic-" + random.nextInt(9),
                new FunctionName("f" + random.nextInt(1000)),
                FunctionSpec.LATEST,
                intake(random),
                lanes,
                new BatchPolicy(
                        random.nextInt(1, 10_000),
                        Duration.ofMillis(random.nextInt(300_000)),
                        anyOf(random, BatchPolicy.PartialAnswer.values()),
                        maybe(
                                random,
                                new WindowPolicy(
                                        Duration.ofMillis(random.nextInt(1_000, 900_001)),
                                        Duration.ofMillis(random.nextInt(900_001))))),
                new RetryPolicy(
                        random.nextInt(1, 10_000),
                        first,
                        first.plusMillis(random.nextInt(1000)),
                        maybe(random, Duration.ofSeconds(random.nextInt(60, 600_000))),
                        random.nextBoolean()),
                new LoadPolicy(
                        random.nextInt(1, 1000),
                        random.nextBoolean()
                                ? OptionalDouble.of(random.nextInt(1, 1000) / 8.0)
                                : OptionalDouble.empty(),
                        maybe(
                                random,
                                new LoadPolicy.Breaker(
                                        random.nextInt(2, 100),
                                        random.nextInt(1, 100),
                                        Duration.ofMillis(random.nextInt(1, 10_000))))),
                new Destinations("results", "dead", maybe(random, "more"), maybe(random, "less")),
                anyOf(random, Guarantee.values()),
                new Activity(random.nextBoolean(), maybe(random, "because")));
    }

    private static Intake intake(Random random) {
        return new Intake(
                anyOf(random, ValueFormat.values()),
                anyOf(
                        random,
                        new EventFormat[] {
                            EventFormat.RECORD, EventFormat.KINESIS, EventFormat.DYNAMODB
                        }),
                switch (anyOf(random, StartingPosition.Kind.values())) {
                    case EARLIEST -> StartingPosition.EARLIEST;
                    case LATEST -> StartingPosition.LATEST;
                    case TIMESTAMP -> StartingPosition.at(Instant.ofEpochMilli(random.nextInt()));
                },
                random.nextBoolean() ? List.of() : List.of("{\"value\":{\"a\":[1]}}"),
                maybe(
                        random,
                        new Intake.Deduplication(
                                "header:id", Duration.ofSeconds(random.nextInt(1, 3600)))),
                random.nextBoolean()
                        ? Set.of()
                        : Set.of(
                                new EventPosition(
                                        new PartitionId("topic-1", random.nextInt(9)),
                                        random.nextInt(99))));
    }

    private static <V> Optional<V> maybe(Random random, V value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private static <V> V anyOf(Random random, V[] values) {
        return values[random.nextInt(values.length)];
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(8), ' ', 0x2FF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
