package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.junit.jupiter.api.Test;

import java.util.Optional;

final class SequencerWindowTest {
    private final SequencerWindow window = new SequencerWindow(2);

    @Test
    void shouldDropWhatComesLateOrAgain() {
        assertThat(window.isNews(notification("a", "0A"))).isTrue();
        assertThat(window.isNews(notification("a", "0A"))).isFalse();
        assertThat(window.isNews(notification("a", "09"))).isFalse();
        assertThat(window.isNews(notification("a", "0B"))).isTrue();
    }

    @Test
    void shouldCompareSequencersOfDifferentLengthsAsS3Does() {
        assertThat(SequencerWindow.compare("0055AED6DCD90281E5", "0055AED6DCD90281E50")).isZero();
        assertThat(SequencerWindow.compare("0055AED6DCD90281E51", "0055AED6DCD90281E5"))
                .isPositive();
        assertThat(SequencerWindow.compare("a1", "A2")).isNegative();
    }

    @Test
    void shouldTakeEverythingOfAStoreWithoutSequencers() {
        assertThat(window.isNews(notification("a", ""))).isTrue();
        assertThat(window.isNews(notification("a", ""))).isTrue();
    }

    @Test
    void shouldForgetTheObjectThatWasToldOfLongestAgo() {
        window.isNews(notification("a", "05"));
        window.isNews(notification("b", "05"));
        window.isNews(notification("c", "05"));

        assertThat(window.isNews(notification("a", "04"))).isTrue();
        assertThat(window.isNews(notification("c", "04"))).isFalse();
    }

    private static ObjectNotification notification(String key, String sequencer) {
        return new ObjectNotification(
                0, Kind.CREATED, "b", key, 0, "", "", Optional.empty(), sequencer, "");
    }
}
