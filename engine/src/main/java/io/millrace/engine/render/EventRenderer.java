package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;

import io.millrace.engine.avro.AvroTrees;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WindowInput;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Renders the events of an invocation as one document of AWS's form.
 *
 * <ul>
 *   <li>The events keep their order. One that is not what the form needs has a fault instead; it
 *       holds nothing up.
 *   <li>A document has at most {@value #MAX_BYTES} bytes. Events that no longer fit are left for
 *       the next invocation; one that would not fit alone has a fault for good (DEF-2).
 *   <li>Pure: the same events give the same bytes, but for the count of attempts in an SQSEvent.
 * </ul>
 *
 * <p>Threading: any thread.
 */
public final class EventRenderer {
    /** Lambda's bound on the payload of a synchronous invocation. */
    public static final int MAX_BYTES = 6_291_556;

    /** Left for what stands around the records, but for the state of a window. */
    private static final int ENVELOPE = 2_048;

    /** The comma between two records. */
    private static final int SEPARATOR = 1;

    private final Form form;
    private final RenderSettings settings;
    private final AvroTrees trees = new AvroTrees();

    /**
     * A renderer of one form.
     *
     * @throws IllegalArgumentException for {@link EventFormat#RECORD}, which has no document
     */
    public EventRenderer(EventFormat format, RenderSettings settings) {
        this.settings = settings;
        this.form =
                switch (format) {
                    case S3 -> new S3Form(settings);
                    case SQS -> new SqsForm(settings);
                    case DYNAMODB -> new DynamodbForm(settings);
                    case KINESIS -> new KinesisForm(settings);
                    case KAFKA -> new KafkaForm(settings);
                    case SCHEDULED -> new ScheduledForm(settings);
                    case SNS -> new SnsForm(settings);
                    case RECORD -> throw new IllegalArgumentException("records are no document");
                };
    }

    /**
     * Renders; never throws because of what the events hold.
     *
     * @param events of one invocation; none where a window is closed
     * @param attempt 1 for the first try of these events
     * @param window the window of the events, for the forms that have windows
     */
    public Rendering render(List<Event> events, int attempt, Optional<WindowInput> window) {
        List<Optional<Failure>> faults = new ArrayList<>(events.size());
        Filling filling =
                new Filling(
                        MAX_BYTES - ENVELOPE - window.map(it -> utf8Size(it.state())).orElse(0));
        for (Event event : events) {
            faults.add(
                    filling.isFull
                            ? Optional.of(leftOver())
                            : filling.add(
                                    outcomeOf(new SourceRecord(event, attempt, settings, trees))));
        }
        return new Rendering(
                document(filling.parts, window),
                faults,
                filling.parts.stream().map(Form.Part::identifier).toList());
    }

    /** A document that grows until the first part that no longer fits. One thread. */
    private final class Filling {
        private final List<Form.Part> parts = new ArrayList<>();
        private int room;
        private boolean isFull;

        Filling(int room) {
            this.room = room;
        }

        Optional<Failure> add(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Faulty(Failure failure) -> Optional.of(failure);
                case Outcome.Written(Form.Part part) -> add(part);
            };
        }

        private Optional<Failure> add(Form.Part part) {
            int size = part.json().size();
            if (size <= room) {
                parts.add(part);
                room -= size + SEPARATOR;
                return Optional.empty();
            }
            if (parts.isEmpty() || size > MAX_BYTES - ENVELOPE) {
                return Optional.of(tooLarge(size));
            }
            isFull = true;
            return Optional.of(leftOver());
        }
    }

    private static int utf8Size(String text) {
        return Payload.of(text).size();
    }

    private Payload document(List<Form.Part> parts, Optional<WindowInput> window) {
        if (parts.isEmpty() && window.isEmpty()) {
            return Payload.NULL;
        }
        try {
            return Payload.of(form.document(parts, window));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    private sealed interface Outcome {
        record Written(Form.Part part) implements Outcome {}

        record Faulty(Failure failure) implements Outcome {}
    }

    private Outcome outcomeOf(SourceRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = Json.generator(bytes)) {
            String identifier = form.write(record, out);
            out.flush();
            return new Outcome.Written(
                    new Form.Part(
                            record.raw().position().partition(),
                            new Form.Bytes(bytes.toByteArray()),
                            identifier));
        } catch (Unrenderable unfit) {
            return new Outcome.Faulty(unrenderable(String.valueOf(unfit.getMessage())));
        } catch (IOException | RuntimeException | StackOverflowError unfit) {
            // Text that is no Unicode, for example. The message may quote the event.
            return new Outcome.Faulty(
                    unrenderable("it cannot be written: " + unfit.getClass().getSimpleName()));
        }
    }

    private Failure unrenderable(String reason) {
        return new Failure(
                Failure.Kind.UNDECODABLE,
                "NotRenderable",
                "the event cannot be rendered as " + form.name() + ": " + reason);
    }

    private Failure tooLarge(int bytes) {
        return new Failure(
                Failure.Kind.TOO_LARGE,
                "DocumentTooLarge",
                "the event has "
                        + bytes
                        + " bytes as "
                        + form.name()
                        + "; allowed are up to "
                        + (MAX_BYTES - ENVELOPE));
    }

    private static Failure leftOver() {
        return new Failure(
                Failure.Kind.UNAVAILABLE,
                "NotRun",
                "the documents of a batch hold at most " + MAX_BYTES + " bytes");
    }
}
