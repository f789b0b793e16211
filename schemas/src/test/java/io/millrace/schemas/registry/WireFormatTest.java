package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;

final class WireFormatTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00000001", "0100000001", "7b226122"})
    void shouldRefuseWhatIsNotFramed(String hex) {
        byte[] bytes = HEX.parseHex(hex);

        assertThat(WireFormat.isFramed(bytes)).isFalse();
        assertThatThrownBy(() -> WireFormat.id(bytes)).isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> WireFormat.unframe(bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schema registry's wire format");
    }

    @Test
    void shouldPutAZeroByteAndTheIdInFront() {
        byte[] framed = WireFormat.frame(0x01020304, new byte[] {9, 8});

        assertThat(HEX.formatHex(framed)).isEqualTo("00010203040908");
    }

    @Test
    void shouldReadWhatItWrote() {
        byte[] framed = WireFormat.frame(77, new byte[] {9, 8});

        assertThat(WireFormat.isFramed(framed)).isTrue();
        assertThat(WireFormat.id(framed)).isEqualTo(77);
        assertThat(WireFormat.unframe(framed)).isEqualTo(ByteBuffer.wrap(new byte[] {9, 8}));
    }

    @Test
    void shouldFrameNothing() {
        assertThat(WireFormat.unframe(WireFormat.frame(1, new byte[0])).remaining()).isZero();
    }
}
