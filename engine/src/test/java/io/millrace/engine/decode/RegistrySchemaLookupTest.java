package io.millrace.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RegistryStub;
import io.millrace.engine.decode.SchemaLookup.Found;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistrySchemaLookupTest {
    @Test
    void shouldAskOnceAndGiveTheSameInstanceAgain() {
        try (RegistryStub registry = new RegistryStub(200, "{\"schema\":\"\\\"int\\\"\"}");
                SchemaRegistryClient client = registry.client()) {
            // Given
            RegistrySchemaLookup lookup = new RegistrySchemaLookup(client);

            // When
            Found first = lookup.byId(5);
            Found second = lookup.byId(5);

            // Then
            assertThat(first)
                    .isInstanceOfSatisfying(
                            Found.Known.class,
                            known -> {
                                assertThat(known.schema().id()).isEqualTo(5);
                                assertThat(known.schema().json()).isEqualTo("\"int\"");
                            });
            assertThat(second).isSameAs(first);
            assertThat(registry.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"404, 40403, Missing", "401, 40101, Unavailable", "500, 50001, Unavailable"})
    void shouldTellRefusalsFromFaultsAndForgetBoth(int status, int code, String found) {
        try (RegistryStub registry =
                        new RegistryStub(
                                status, "{\"error_code\":" + code + ",\"message\":\"m\"}");
                SchemaRegistryClient client = registry.client()) {
            // Given
            RegistrySchemaLookup lookup = new RegistrySchemaLookup(client);

            // When
            Found first = lookup.byId(5);
            lookup.byId(5);

            // Then
            assertThat(first.getClass().getSimpleName()).isEqualTo(found);
            assertThat(registry.requests()).isEqualTo(2);
        }
    }
}
