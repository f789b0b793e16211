package io.millrace.engine.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Finds out which form a key or a value has (FIL-2) and counts what is in it. */
final class DataReader {
    private final AvroJson avro = new AvroJson(EventFilter.MAX_JSON_SIZE);

    FilterData value(DecodedValue value, FieldTally tally) {
        return switch (value) {
            case DecodedValue.Bytes(Payload bytes) -> bytes(Part.VALUE, bytes, tally);
            case DecodedValue.Avro datum -> avro(datum, tally);
        };
    }

    FilterData key(Payload key, FieldTally tally) {
        return bytes(Part.KEY, key, tally);
    }

    private static FilterData bytes(String field, Payload data, FieldTally tally) {
        if (data.isNull()) {
            return FilterData.ABSENT;
        }
        String text = data.text();
        // Decoding never fails but replaces what it cannot read; look closer only where it may
        // have.
        if (text.indexOf('\uFFFD') >= 0 && !isUtf8(data)) {
            return FilterData.OPAQUE;
        }
        return data.size() > EventFilter.MAX_JSON_SIZE
                ? tooLarge(field, "has " + data.size() + " bytes")
                : text(field, text, tally);
    }

    static boolean isUtf8(Payload data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.bytes()));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    private static FilterData text(String field, String text, FieldTally tally) {
        if (looksLikeJson(text)) {
            try {
                tally.addJson(field, text);
                return new FilterData.Json(text);
            } catch (StreamConstraintsException extreme) {
                return new FilterData.Unusable(
                        failure("the " + field + " is extreme: " + extreme.getOriginalMessage()));
            } catch (IOException _) {
                // Text that begins like JSON; it is filtered as text.
            }
        }
        tally.add(field, text.length());
        return new FilterData.Text(text);
    }

    private static boolean looksLikeJson(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return c == '{' || c == '[';
            }
        }
        return false;
    }

    private FilterData avro(DecodedValue.Avro datum, FieldTally tally) {
        try {
            return text(Part.VALUE, avro.text(datum), tally);
        } catch (AvroJson.TooLong _) {
            return tooLarge(Part.VALUE, "becomes more JSON");
        } catch (JsonProcessingException extreme) {
            return new FilterData.Unusable(
                    failure("the value is extreme: " + extreme.getOriginalMessage()));
        } catch (IOException | RuntimeException malformed) {
            return new FilterData.Unusable(
                    new Failure(
                            Failure.Kind.UNDECODABLE,
                            malformed.getClass().getName(),
                            "the value cannot be read as Avro: " + malformed.getMessage()));
        }
    }

    private static FilterData tooLarge(String field, String found) {
        return new FilterData.Unusable(
                failure(
                        "the "
                                + field
                                + " "
                                + found
                                + "; filters look at "
                                + EventFilter.MAX_JSON_SIZE
                                + " bytes at most"));
    }

    static Failure failure(String message) {
        return new Failure(Failure.Kind.FILTER_FAILED, EventFilter.FILTER_ERROR, message);
    }
}
