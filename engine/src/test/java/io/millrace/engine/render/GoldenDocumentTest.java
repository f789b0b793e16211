package io.millrace.engine.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whole documents, each against one written by hand after what AWS sends. */
final class GoldenDocumentTest {
    @ParameterizedTest
    @EnumSource(value = EventFormat.class, mode = EnumSource.Mode.EXCLUDE, names = "RECORD")
    void shouldBeWhatAwsSends(EventFormat format) {
        Event[] events = Samples.of(format).toArray(Event[]::new);

        assertThat(RenderFixture.document(format, events).toPrettyString())
                .isEqualTo(golden(format.name().toLowerCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @EnumSource(value = EventFormat.class, mode = EnumSource.Mode.EXCLUDE, names = "RECORD")
    void shouldBeTheSameBytesEveryTime(EventFormat format) {
        List<Event> events = Samples.of(format);

        Rendering first = RenderFixture.render(format, events.toArray(Event[]::new));
        Rendering second = RenderFixture.render(format, events.toArray(Event[]::new));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void shouldTellTheWindowOfAKinesisEvent() {
        Rendering rendering =
                new EventRenderer(EventFormat.KINESIS, RenderFixture.SETTINGS)
                        .render(
                                Samples.of(EventFormat.KINESIS).subList(0, 1),
                                1,
                                Optional.of(Samples.window(false)));

        assertThat(RenderFixture.tree(rendering.json()).toPrettyString())
                .isEqualTo(golden("kinesis-window"));
    }

    @Test
    void shouldTellTheEndOfAWindowWithoutEvents() {
        Rendering rendering =
                new EventRenderer(EventFormat.DYNAMODB, RenderFixture.SETTINGS)
                        .render(List.of(), 1, Optional.of(Samples.window(true)));

        assertThat(RenderFixture.tree(rendering.json()).toPrettyString())
                .isEqualTo(golden("dynamodb-window-end"));
        assertThat(rendering.identifiers()).isEmpty();
    }

    private static String golden(String name) {
        return RenderFixture.golden(name).toPrettyString();
    }
}
