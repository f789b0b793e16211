package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.decode.DecodeResult;
import io.millrace.engine.decode.EventDecoder;
import io.millrace.engine.decode.SchemaLookup;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure.Kind;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Intake;
import io.millrace.engine.model.ItemEnd;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.engine.model.StartingPosition;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.ValueFormat;
import io.millrace.schemas.EventHeaders;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

final class EventScreenTest {
    private static final Intake PLAIN = Intake.from(StartingPosition.EARLIEST, ValueFormat.JSON);
    private static final long PUBLISHED = 1_000;
    private static final RetryPolicy MINUTE = RetryPolicy.DEFAULT.withMaxAge(Duration.ofMinutes(1));

    @Test
    void shouldLetEverythingPassByDefault() {
        var screen = new EventScreen(trigger(PLAIN, RetryPolicy.DEFAULT));
        RawEvent event = event(1, "{}");
        assertThat(screen.undecoded(event, Long.MAX_VALUE)).isNull();
        assertThat(screen.decoded(decoded(event))).isNull();
    }

    @Test
    void shouldLeaveOutWhatAnOperatorDecided() {
        Intake skipping = PLAIN.withSkips(Set.of(new EventPosition(Samples.PARTITION, 7)));
        var screen = new EventScreen(trigger(skipping, RetryPolicy.DEFAULT));
        assertThat(kind(screen.undecoded(event(7, "{}"), PUBLISHED))).isEqualTo(Kind.SKIPPED);
        assertThat(screen.undecoded(event(8, "{}"), PUBLISHED)).isNull();
    }

    @Test
    void shouldGiveUpWhatIsOlderThanAllowed() {
        var screen = new EventScreen(trigger(PLAIN, MINUTE));
        RawEvent event = event(1, "{}");
        assertThat(screen.undecoded(event, PUBLISHED + 60_000)).as("not older").isNull();
        ItemEnd end = screen.undecoded(event, PUBLISHED + 60_001);
        assertThat(kind(end)).isEqualTo(Kind.EXPIRED);
        assertThat(end).asString().contains("60001 ms old");
        assertThat(screen.undecoded(event, 0)).as("of the future").isNull();
    }

    @Test
    void shouldStopAFunctionThatFeedsItself() {
        var screen = new EventScreen(trigger(PLAIN, RetryPolicy.DEFAULT));
        String own = Samples.FUNCTION.name().value();
        assertThat(screen.undecoded(event(1, "{}", lineage(own + ":15")), PUBLISHED)).isNull();
        assertThat(kind(screen.undecoded(event(1, "{}", lineage(own + ":16")), PUBLISHED)))
                .isEqualTo(Kind.RECURSION);
        assertThat(screen.undecoded(event(1, "{}", lineage("another:16")), PUBLISHED)).isNull();
    }

    @Test
    void shouldFilterByWhatTheEventHolds() {
        Intake filtering = PLAIN.withFilters(List.of("{\"value\":{\"kind\":[\"wanted\"]}}"));
        var screen = new EventScreen(trigger(filtering, RetryPolicy.DEFAULT));
        assertThat(screen.decoded(decoded(event(1, "{\"kind\":\"wanted\"}")))).isNull();
        assertThat(screen.decoded(decoded(event(1, "{\"kind\":\"other\"}"))))
                .isEqualTo(ItemEnd.FILTERED);
    }

    @Test
    void shouldFailWhatTheFilterCannotJudge() {
        Intake filtering = PLAIN.withFilters(List.of("{\"value\":{\"kind\":[\"wanted\"]}}"));
        var screen = new EventScreen(trigger(filtering, RetryPolicy.DEFAULT));
        String huge = "{\"kind\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}";
        assertThat(kind(screen.decoded(decoded(event(1, huge))))).isEqualTo(Kind.FILTER_FAILED);
    }

    private static Trigger trigger(Intake intake, RetryPolicy retry) {
        return Samples.trigger(1, 1, retry).withIntake(intake);
    }

    private static Header lineage(String counts) {
        return Header.of(EventHeaders.LINEAGE, counts);
    }

    private static RawEvent event(long offset, String value, Header... headers) {
        return new RawEvent(
                new EventPosition(Samples.PARTITION, offset),
                Payload.of("k"),
                Payload.of(value),
                List.of(headers),
                PUBLISHED);
    }

    private static Event decoded(RawEvent event) {
        var decoder = new EventDecoder(_ -> new SchemaLookup.Found.Unusable("not asked for"));
        DecodeResult result = decoder.decode(event, ValueFormat.JSON);
        assertThat(result).isInstanceOf(DecodeResult.Decoded.class);
        return ((DecodeResult.Decoded) result).event();
    }

    private static Kind kind(@Nullable ItemEnd end) {
        assertThat(end).isInstanceOf(ItemEnd.Failed.class);
        return end instanceof ItemEnd.Failed(var failure) ? failure.kind() : Kind.UNAVAILABLE;
    }
}
