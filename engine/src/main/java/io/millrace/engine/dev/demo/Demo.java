package io.millrace.engine.dev.demo;

import io.millrace.engine.dev.DevDeployment;
import io.millrace.engine.dev.DevEnvironment;
import io.millrace.engine.dev.Installation;
import io.millrace.engine.dev.ObjectStoreClient;
import io.millrace.engine.manifest.Manifest;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The demonstration: deploys the thumbnail example, uploads pictures, and tells what topics and
 * buckets say about each of them, until each has all it shall have.
 */
public final class Demo {
    private static final Duration LOOK_FOR_THUMBNAILS = Duration.ofMillis(200);

    /** What comes twice comes soon after: so long is watched for it at the end. */
    private static final Duration WATCH_FOR_REPEATS = Duration.ofSeconds(3);

    private final DevEnvironment environment;
    private final DevDeployment deployment;
    private final Output output;
    private final Limits limits;
    private final TimeSource time;
    private final DemoLines lines;

    /**
     * Where to tell it.
     *
     * @param keepsData whether the environment's data stays, and the thumbnails in it
     */
    public record Output(PrintWriter out, boolean hasColours, boolean keepsData) {}

    /**
     * When to end.
     *
     * @param patience for the last picture, counted from the first upload
     * @param isEnding whether somebody wants the process to end
     */
    public record Limits(Duration patience, BooleanSupplier isEnding) {}

    /** The pictures of a run. */
    public static final class Album {
        private final List<Picture> pictures;

        private Album(List<Picture> pictures) {
            this.pictures = pictures;
        }
    }

    public Demo(
            DevEnvironment environment,
            DevDeployment deployment,
            Output output,
            Limits limits,
            TimeSource time) {
        this.environment = environment;
        this.deployment = deployment;
        this.output = output;
        this.limits = limits;
        this.time = time;
        this.lines = new DemoLines(output.out(), output.hasColours(), time);
    }

    /** Somebody's pictures, or else the example's; NOT_FOUND when there are none. */
    public static Album pictures(Optional<Path> own, Path example) {
        return new Album(own.map(Pictures::ofFolder).orElseGet(() -> Pictures.ofExample(example)));
    }

    /**
     * Runs it. Every call over the same data goes on where the last one ended.
     *
     * @param process variables for the manifest
     * @param json where to write the figures
     * @return whether every picture has all it shall have, exactly once
     */
    public boolean run(Album album, Map<String, String> process, Optional<Path> json) {
        long from = time.nanos();
        tellStart();
        Path file = Installation.find().thumbnailExample().resolve("function.yaml");
        List<Manifest> manifests = deployment.read(List.of(file), process);
        deployment.deploy(manifests, lines::news);
        DemoPlan plan = DemoPlan.of(manifests.getFirst(), deployment.names().metering());
        Duration ready = environment.startedIn().plusNanos(time.nanos() - from);
        lines.widen(album.pictures.stream().mapToInt(p -> p.key().length()).max().orElse(8));
        var ledger = new DemoLedger(album.pictures);
        try (var store = environment.objectStore();
                var schemas =
                        deployment
                                .cluster()
                                .schemaRegistry(environment.schemaRegistryUrl().toString());
                var feed = DemoFeed.open(plan, deployment.cluster(), schemas, time)) {
            var thumbnails = new Thumbnails(store, plan.thumbnailsBucket());
            catchUp(ledger, feed, thumbnails);
            List<String> missing = watch(ledger, feed, thumbnails, plan, store);
            var report = new DemoReport(ledger, environment.startTimes(), ready, missing);
            tell(report, missing, thumbnails, plan);
            json.ifPresent(report::writeJson);
            return missing.isEmpty();
        }
    }

    private void tellStart() {
        String parts =
                environment.startTimes().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(part -> part.getKey() + " " + seconds(part.getValue()))
                        .collect(Collectors.joining(", "));
        lines.news("everything is up after " + seconds(environment.startedIn()) + ": " + parts);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /** What earlier runs over the same data left: counted, not told. */
    private void catchUp(DemoLedger ledger, DemoFeed feed, Thumbnails thumbnails) {
        List<DemoFact> earlier = feed.catchUp();
        earlier.forEach(ledger::note);
        thumbnails.look(ledger.pictures()).forEach(found -> ledger.thumbnail(found.picture()));
        if (!earlier.isEmpty()) {
            lines.news(earlier.size() + " records of earlier runs are in the topics");
        }
    }

    private List<String> watch(
            DemoLedger ledger,
            DemoFeed feed,
            Thumbnails thumbnails,
            DemoPlan plan,
            ObjectStoreClient store) {
        List<Picture> needed =
                Uploads.needed(List.copyOf(ledger.pictures()), store, plan.photosBucket());
        try (var thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
            Uploads uploads = Uploads.start(needed, store, plan.photosBucket(), thread, time);
            long deadline = time.nanos() + limits.patience().toNanos();
            long looked = time.nanos();
            Optional<Long> complete = Optional.empty();
            while (time.nanos() < deadline && !isEnding()) {
                tellUploads(uploads, ledger);
                tellFacts(feed.poll(), ledger);
                if (time.nanos() - looked > LOOK_FOR_THUMBNAILS.toNanos()) {
                    tellThumbnails(thumbnails, ledger);
                    looked = time.nanos();
                }
                boolean isComplete = uploads.isFinished() && ledger.missing().isEmpty();
                if (isComplete && complete.isEmpty()) {
                    complete = Optional.of(time.nanos());
                }
                if (complete.filter(at -> time.nanos() - at > WATCH_FOR_REPEATS.toNanos())
                        .isPresent()) {
                    break;
                }
            }
            // An upload that hangs must not keep the process; its request has a limit of its own.
            thread.shutdownNow();
        }
        return ledger.missing();
    }

    private boolean isEnding() {
        return limits.isEnding().getAsBoolean();
    }

    private void tellUploads(Uploads uploads, DemoLedger ledger) {
        for (Optional<Uploads.Done> next = uploads.poll();
                next.isPresent();
                next = uploads.poll()) {
            Uploads.Done done = next.get();
            ledger.uploaded(done.picture().key(), done.at());
            lines.line(
                    DemoLines.Kind.UPLOAD,
                    done.picture().key(),
                    String.format(
                            Locale.ROOT,
                            "%,d bytes in %d ms",
                            done.picture().bytes(),
                            done.took().toMillis()));
        }
    }

    private void tellThumbnails(Thumbnails thumbnails, DemoLedger ledger) {
        for (Thumbnails.Found found : thumbnails.look(ledger.pictures())) {
            ledger.thumbnail(found.picture());
            lines.line(
                    DemoLines.Kind.THUMBNAIL,
                    found.picture(),
                    String.format(
                            Locale.ROOT,
                            "%s, %d x %d, %,d bytes",
                            found.key(),
                            found.width(),
                            found.height(),
                            found.bytes()));
        }
    }

    private void tellFacts(List<DemoFact> facts, DemoLedger ledger) {
        // A metering entry names no picture: its result or dead letter of the same poll does.
        for (DemoFact fact : facts) {
            boolean _ = ledger.note(fact);
        }
        for (DemoFact fact : facts) {
            switch (fact) {
                case DemoFact.Seen _ -> {}
                case DemoFact.Result result ->
                        lines.line(
                                DemoLines.Kind.RESULT,
                                result.key(),
                                "request " + result.requestId());
                case DemoFact.Notification notification ->
                        lines.line(
                                DemoLines.Kind.NOTIFICATION,
                                notification.key(),
                                "event " + notification.position());
                case DemoFact.DeadLetter letter ->
                        lines.line(
                                DemoLines.Kind.DEAD_LETTER,
                                letter.key(),
                                "after " + letter.attempts() + " attempt(s): " + letter.reason());
                case DemoFact.Metered(var attempt) ->
                        lines.line(
                                DemoLines.Kind.METERING,
                                ledger.keyOf(attempt.requestId()).orElse("-"),
                                String.format(
                                        Locale.ROOT,
                                        "attempt %d %s, %d ms billed, %d MB",
                                        attempt.attempt(),
                                        attempt.outcome().toLowerCase(Locale.ROOT),
                                        attempt.usage().billed().toMillis(),
                                        attempt.usage().memoryMb()));
            }
        }
    }

    private void tell(
            DemoReport report, List<String> missing, Thumbnails thumbnails, DemoPlan plan) {
        lines.plain("");
        report.table().forEach(lines::plain);
        lines.plain("  thumbnails are in                    " + place(thumbnails, plan));
        lines.plain("");
        if (missing.isEmpty()) {
            lines.plain("Every picture has all it shall have, exactly once.");
            return;
        }
        String why =
                "not everything came, or something came twice, within "
                        + limits.patience().toSeconds()
                        + " s";
        if (isEnding()) {
            String failure = environment.failure().getNow("");
            why = failure.isEmpty() ? "told to end" : failure;
        }
        lines.plain("Not complete (" + why + "):");
        missing.forEach(line -> lines.plain("  " + line));
    }

    /** A place that stays. */
    private Path place(Thumbnails thumbnails, DemoPlan plan) {
        if (output.keepsData()) {
            // The object store keeps an object as a file of its bucket's folder.
            return environment.data().resolve("s3").resolve(plan.thumbnailsBucket());
        }
        try {
            Path folder = Files.createTempDirectory("millrace-thumbnails-");
            thumbnails.save(folder);
            return folder;
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "no folder for thumbnails can be made: " + e.getMessage(), e);
        }
    }
}
