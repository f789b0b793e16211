package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.function.HandlerAudit;
import io.millrace.bench.function.HandlerWork;
import io.millrace.bench.judge.Verdict.Promise;
import io.millrace.bench.load.EventBytes;
import io.millrace.bench.load.Keys;
import io.millrace.bench.load.Recipe;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Handlers of every kind of arm write this audit; here are the ways in which they can be wrong. */
final class AuditFileTest {
    private static final Recipe RECIPE = new Recipe(300, 24, 7, Keys.UNIFORM, 4, 3);

    @TempDir private Path folder;

    @Test
    void shouldFindAnEventThatNoHandlerGot() throws IOException {
        List<byte[]> events = events();
        events.remove(200);

        assertThat(violations(events, everything(), Promise.UNORDERED)).containsExactly("1 lost");
    }

    @Test
    void shouldFindHandlersThatGotNothing() throws IOException {
        assertThat(violations(List.of(), new long[RECIPE.partitions()], Promise.UNORDERED))
                .containsExactly("no event was handled");
    }

    @Test
    void shouldFindEventsOfAKeyOutOfOrder() throws IOException {
        List<byte[]> events = events();
        Collections.reverse(events);

        assertThat(violations(events, everything(), Promise.AT_LEAST_ONCE))
                .singleElement()
                .asString()
                .endsWith("out of order");
        assertThat(violations(events, everything(), Promise.UNORDERED)).isEmpty();
    }

    @Test
    void shouldNotAskForWhatIsNotCommitted() throws IOException {
        assertThat(
                        violations(
                                events().subList(0, 10),
                                new long[RECIPE.partitions()],
                                Promise.AT_LEAST_ONCE))
                .isEmpty();
    }

    @Test
    void shouldFindNothingWhenAllIsWell() throws IOException {
        List<byte[]> events = events();
        events.add(events.getLast());

        assertThat(violations(events, everything(), Promise.AT_LEAST_ONCE)).isEmpty();
        assertThat(audit().repeated()).isEqualTo(1);
        assertThat(audit().seen().cardinality()).isEqualTo(300);
    }

    @Test
    void shouldTellHowManyHandlersRanAtTheSameTime() throws IOException, InterruptedException {
        HandlerWork work = HandlerWork.waiting(200).audited(300, 7);
        work.begin();
        var started = new CountDownLatch(5);
        try (var threads = Executors.newFixedThreadPool(5)) {
            for (byte[] event : events().subList(0, 5)) {
                threads.execute(() -> {
                    started.countDown();
                    work.run(event);
                });
            }
            started.await();
        }

        assertThat(audit().peak()).isBetween(2L, 5L);
        assertThat(audit().peakNanos()).isNotZero();
    }

    private List<String> violations(List<byte[]> handled, long[] committed, Promise promise)
            throws IOException {
        HandlerWork work = HandlerWork.NOOP.audited(RECIPE.events(), RECIPE.keys());
        work.begin();
        handled.forEach(work::run);
        return audit().violations(RECIPE, committed, promise);
    }

    private AuditFile audit() throws IOException {
        HandlerAudit.present().write(folder.resolve("audit"));
        return AuditFile.read(folder.resolve("audit"));
    }

    private static List<byte[]> events() {
        List<byte[]> events = new ArrayList<>();
        RECIPE.forEach((ordinal, key, sequence, _, _) ->
                events.add(EventBytes.value(24, ordinal, key, sequence, 0)));
        return events;
    }

    private static long[] everything() {
        long[] all = new long[RECIPE.partitions()];
        Arrays.fill(all, Long.MAX_VALUE);
        return all;
    }
}
