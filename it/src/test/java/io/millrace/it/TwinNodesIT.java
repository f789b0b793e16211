package io.millrace.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.app.Engine;
import io.millrace.engine.app.TriggerState.Phase;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Trigger;
import io.millrace.it.harness.FunctionJar;
import io.millrace.it.harness.TestCluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Two processes with the same node id: they must not throw each other out for ever. */
final class TwinNodesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ECHO =
            """
            import io.millrace.functions.*;
            public class Echo implements Handler<String, String> {
                public String handle(String event, Context context) {
                    return event;
                }
            }
            """;

    @TempDir Path folder;

    @Test
    void shouldStopForGoodWhenAnotherProcessHasTheSameNodeId() throws IOException {
        try (TestCluster cluster = TestCluster.start(folder)) {
            Trigger trigger = TestCluster.trigger("twins", "twins-events", RetryPolicy.DEFAULT);
            cluster.deploy(
                    trigger, FunctionJar.of(folder, "Echo", ECHO), "Echo", Duration.ofSeconds(5));
            try (Engine first = Engine.start(config(cluster, "first"))) {
                await().atMost(PATIENCE).until(() -> phase(first) == Phase.RUNNING);
                try (Engine second = Engine.start(config(cluster, "second"))) {
                    await().atMost(PATIENCE).until(() -> phase(first) == Phase.STOPPED);
                    assertThat(first.triggers())
                            .singleElement()
                            .satisfies(state ->
                                    assertThat(state.reason())
                                            .contains(
                                                    "another process runs with the same node.id"));
                    await().atMost(PATIENCE).until(() -> phase(second) == Phase.RUNNING);
                }
            }
        }
    }

    private EngineConfig config(TestCluster cluster, String state) {
        return new EngineConfig(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                "twin",
                folder.resolve(state),
                "millrace.",
                1,
                3,
                Map.of(),
                EngineLimits.DEFAULT,
                AwsAccount.DEFAULT);
    }

    private static Phase phase(Engine engine) {
        return engine.triggers().stream()
                .map(state -> state.phase())
                .findFirst()
                .orElse(Phase.STARTING);
    }
}
